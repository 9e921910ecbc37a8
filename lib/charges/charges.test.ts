import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { storeItems } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { USDC } from "@/lib/chain/addresses";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { openQuote, signQuote } from "@/lib/payments/quote";
import { QUOTE_CHARACTERS_MAX, STORES_OFF_MAX } from "@/lib/payments/rules";
import { refreshQuote } from "@/lib/payments/quote-payment";
import { chargeRowOf, endPayment, makeChargeOf, newCharge, payCharge } from "@/lib/test/charge-world";
import { makePerson, makeRate, makeStore, paymentRowsOf } from "@/lib/test/factories";
import { receiveCodeFor } from "@/lib/transfers/receive-code";
import { cancelCharge } from "./cancel-charge";
import { makeCharge } from "./make-charge";
import { chargesWaitingFor, getChargePage, getTillCharge, openCharges } from "./queries";
import { quoteCharge } from "./quote-charge";

const NOTHING = { transactions: 0, operations: 0, reservations: 0, audits: 0, events: 0 };
const PAYERS = 200;
beforeAll(makeRate);

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const payer = async (name = "Rafael Lima") => (await makePerson({ dollarsUsdMicros: 100_000_000n, name })).actor;
const expire = (chargeId: string) => sql`UPDATE charges SET expires_at = now() - interval '1 second' WHERE id = ${chargeId}`;
const item = async (storeId: string, name: string, priceBrlCentavos: bigint) => {
  const id = newId();
  await db.insert(storeItems).values({ id, storeId, name, priceBrlCentavos });
  return id;
};

describe("a charge", () => {
  test("keeps its reais, dollars and rate for its life, whatever the rate does", async () => {
    const store = await makeStore();
    const chargeId = await makeChargeOf(store, { note: "Mesa 4" });
    const { charge } = await getChargePage(chargeId, null);
    expect(charge).toMatchObject({ state: "open", amountBrlCentavos: 3_850n, note: "Mesa 4", createdBy: store.actor.userId, currency: "BRL" });
    const rafa = await payer();
    const { quote, signed } = await quoteCharge(rafa, { chargeId, tip: "0", tipText: "" });
    expect(quote).toMatchObject({ amountBrlCentavos: 3_850n, amountUsdMicros: charge.amountUsdMicros, brlPerUsdMicros: charge.brlPerUsdMicros });
    // An hour later, with a refreshed price: still the charge's own.
    const later = await refreshQuote(rafa, signed, new Date(Date.now() + 120_000));
    expect(later.quote).toMatchObject({ amountBrlCentavos: 3_850n, amountUsdMicros: charge.amountUsdMicros, brlPerUsdMicros: charge.brlPerUsdMicros, charge: { id: chargeId } });
    const { transactionId } = await confirmPayment(rafa, { key: randomUUID(), quote: later.signed });
    const [row] = await sql`SELECT t.charge_id, t.amount_usd = c.amount_usd AS same_usd, t.amount_brl_centavos::int AS brl, t.brl_per_usd = c.brl_per_usd AS same_rate, c.transaction_id FROM transactions t JOIN charges c ON c.id = t.charge_id WHERE t.id = ${transactionId}`;
    expect(row).toMatchObject({ charge_id: chargeId, same_usd: true, brl: 3_850, same_rate: true, transaction_id: transactionId });
    expect(await getTillCharge(store.actor, { storeId: store.storeId, chargeId })).toMatchObject({ state: "paying" });
    await endPayment(transactionId, "confirmed");
    expect(await getChargePage(chargeId, rafa)).toMatchObject({ charge: { state: "paid" }, isPaidByMe: true, firstName: null });
    expect(await getChargePage(chargeId, await payer("Ana"))).toMatchObject({ isPaidByMe: false, firstName: "Rafael L." });
    // Strangers are not told who was there.
    expect(await getChargePage(chargeId, null)).toMatchObject({ isPaidByMe: false, firstName: null });
  });

  test("is made once a key, with its audit line and event, and lives ten minutes at most", async () => {
    const store = await makeStore();
    const input = newCharge(store.storeId);
    const made = await Promise.all(Array.from({ length: 20 }, () => makeCharge(store.actor, input)));
    expect(new Set(made.map(({ chargeId }) => chargeId)).size).toBe(1);
    expect(await codeOf(makeCharge(store.actor, { ...input, amountText: "3851", typedText: "3851" }))).toBe("idempotency_mismatch");
    const [row] = await sql`
      SELECT (SELECT count(*)::int FROM charges WHERE store_id = ${store.storeId}) AS charges, (SELECT count(*)::int FROM audit_logs WHERE action = 'charge.made' AND resource_id = ${made[0]!.chargeId}) AS audits,
             (SELECT count(*)::int FROM analytics_events WHERE event_name = 'charge_made' AND user_id = ${store.actor.userId}) AS events, (SELECT max(expires_at - created_at) <= interval '10 minutes' FROM charges) AS short`;
    expect(row).toEqual({ charges: 1, audits: 1, events: 1, short: true });
  });

  test("is made by members alone, for amounts that can be paid, of stores that are open", async () => {
    const store = await makeStore({ role: "staff" });
    const make = (actor: Actor, wanted: Parameters<typeof newCharge>[1]) => codeOf(makeCharge(actor, newCharge(store.storeId, wanted)));
    expect(await make((await makePerson()).actor, {})).toBe("not_found");
    expect(await codeOf(makeCharge(store.actor, newCharge("not-an-id")))).toBe("not_found");
    expect(await codeOf(makeCharge(store.actor, newCharge(newId())))).toBe("not_found");
    expect(await make(store.actor, { amountText: "0" })).toBe("amount_missing");
    expect(await make(store.actor, { amountText: "-5,00" })).toBe("amount_negative");
    expect(await make(store.actor, { amountText: "4" })).toBe("amount_too_small");
    expect(await make(store.actor, { amountText: "9999999999" })).toBe("limit_payment");
    expect(await make(store.actor, { note: "x".repeat(141) })).toBe("note_too_long");
    expect(await make(store.actor, { customerCode: "AAAAAAAAAAAA" })).toBe("payee_unknown");
    await sql`UPDATE stores SET closed_at = now() WHERE id = ${store.storeId}`;
    expect(await make(store.actor, {})).toBe("store_closed");
    expect(await openCharges(store.actor, store.storeId)).toEqual([]);
  });

  test("is sold in lines that add up to it, at the prices of that moment", async () => {
    const store = await makeStore();
    const [coffee, bread] = [await item(store.storeId, "Café coado", 700n), await item(store.storeId, "Pão na chapa", 950n)];
    const items = [{ itemId: coffee, quantity: 2 }, { itemId: bread, quantity: 1 }];
    const chargeId = await makeChargeOf(store, { amountText: "2600", typedText: "250", items });
    await sql`UPDATE store_items SET price_brl_centavos = 800, name = 'Café' WHERE id = ${coffee}`;
    const { charge } = await getChargePage(chargeId, null);
    expect(charge.lines).toEqual([
      { itemId: coffee, name: "Café coado", quantity: 2, unitBrlCentavos: "700" },
      { itemId: bread, name: "Pão na chapa", quantity: 1, unitBrlCentavos: "950" },
      { itemId: null, name: "", quantity: 1, unitBrlCentavos: "250" },
    ]);
    const make = (wanted: Parameters<typeof newCharge>[1]) => codeOf(makeCharge(store.actor, newCharge(store.storeId, wanted)));
    expect(await make({ amountText: "2600", typedText: "250", items })).toBe("charge_items_changed");
    expect(await make({ amountText: "2600", typedText: "2600", items })).toBe("charge_items_changed");
    const elsewhere = await makeStore();
    expect(await make({ amountText: "100", typedText: "0", items: [{ itemId: await item(elsewhere.storeId, "Água", 100n), quantity: 1 }] })).toBe("charge_items_changed");
    expect(await make({ amountText: "950", typedText: "0", items: [{ itemId: bread, quantity: 0 }] })).toBe("invalid_input");
    expect(await make({ currency: "USD", amountText: "950", typedText: "0", items: [{ itemId: bread, quantity: 1 }] })).toBe("invalid_input");
  });
});

describe("paying a charge", () => {
  test(`${PAYERS} people at once: one pays, all others are told who was first`, async () => {
    const store = await makeStore();
    const chargeId = await makeChargeOf(store);
    const payers = await Promise.all(Array.from({ length: PAYERS }, (_, index) => payer(`Pessoa ${String.fromCharCode(65 + (index % 26))}${index}`)));
    const quotes = await Promise.all(payers.map((one) => quoteCharge(one, { chargeId, tip: "0", tipText: "" })));
    const answers = await Promise.allSettled(payers.map((one, index) => confirmPayment(one, { key: randomUUID(), quote: quotes[index]!.signed })));
    const won = answers.flatMap((answer, index) => (answer.status === "fulfilled" ? [{ actor: payers[index]!, ...answer.value }] : []));
    expect(won).toHaveLength(1);
    const [first] = won;
    const told = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as DomainError] : []));
    expect(told).toHaveLength(PAYERS - 1);
    const name = `Pessoa ${first!.actor.name!.split(" ")[1]![0]}.`;
    expect(told.every(({ code, details }) => code === "charge_paid" && details["by"] === name)).toBe(true);
    expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: first!.transactionId, payments: 1 });
    const [rows] = await sql`SELECT count(*)::int AS operations FROM user_operations o JOIN transactions t ON t.id = o.id WHERE t.store_id = ${store.storeId}`;
    expect(rows).toEqual({ operations: 1 });
  });

  test("one key is one payment for ever, also long after the charge ended", async () => {
    const store = await makeStore();
    const chargeId = await makeChargeOf(store, { isTipAllowed: true });
    const rafa = await payer();
    const key = randomUUID();
    const { signed } = await quoteCharge(rafa, { chargeId, tip: "10", tipText: "" });
    const answers = await Promise.all(Array.from({ length: 20 }, () => confirmPayment(rafa, { key, quote: signed })));
    expect(new Set(answers.map(({ transactionId }) => transactionId)).size).toBe(1);
    await expire(chargeId);
    expect(await confirmPayment(rafa, { key, quote: signed }, new Date(Date.now() + 3_600_000))).toEqual(answers[0]);
    // The same person with another key is second too.
    expect(await codeOf(confirmPayment(rafa, { key: randomUUID(), quote: signed }))).toBe("charge_paid");
    expect(await codeOf(payCharge(rafa, chargeId))).toBe("charge_paid");
    expect((await paymentRowsOf(rafa.userId)).transactions).toBe(1);
  });

  test("expired, cancelled, unknown and somebody else's are refused at the price and at the tap", async () => {
    const store = await makeStore();
    const rafa = await payer();
    const quoted = async (wanted = {}) => {
      const chargeId = await makeChargeOf(store, wanted);
      return { chargeId, signed: (await quoteCharge(rafa, { chargeId, tip: "0", tipText: "" })).signed };
    };
    const late = await quoted();
    await expire(late.chargeId);
    const taken = await quoted();
    await cancelCharge(store.actor, { storeId: store.storeId, chargeId: taken.chargeId });
    await cancelCharge(store.actor, { storeId: store.storeId, chargeId: taken.chargeId });
    for (const { chargeId, signed } of [late, taken]) {
      expect(await codeOf(confirmPayment(rafa, { key: randomUUID(), quote: signed }))).toBe("charge_over");
      expect(await codeOf(payCharge(rafa, chargeId))).toBe("charge_over");
      expect(await codeOf(refreshQuote(rafa, signed))).toBe("charge_over");
    }
    const meant = await quoted();
    const ana = await payer("Ana");
    await sql`UPDATE charges SET customer_id = ${ana.userId} WHERE id = ${meant.chargeId}`;
    expect(await codeOf(confirmPayment(rafa, { key: randomUUID(), quote: meant.signed }))).toBe("charge_not_yours");
    expect(await codeOf(payCharge(rafa, meant.chargeId))).toBe("charge_not_yours");
    expect(await getChargePage(meant.chargeId, rafa)).toMatchObject({ isForOther: true });
    for (const id of [newId(), "nonsense", "' OR 1=1 --"]) expect(await codeOf(payCharge(rafa, id))).toBe("not_found");
    expect(await paymentRowsOf(rafa.userId)).toEqual(NOTHING);
    await payCharge(ana, meant.chargeId);
  });

  test("another store may neither read nor cancel it", async () => {
    const [store, other] = [await makeStore(), await makeStore()];
    const chargeId = await makeChargeOf(store);
    expect(await codeOf(getTillCharge(other.actor, { storeId: other.storeId, chargeId }))).toBe("not_found");
    expect(await codeOf(cancelCharge(other.actor, { storeId: other.storeId, chargeId }))).toBe("not_found");
    expect(await codeOf(cancelCharge(other.actor, { storeId: store.storeId, chargeId }))).toBe("not_found");
    const { transactionId } = await payCharge(await payer(), chargeId);
    expect(await codeOf(cancelCharge(store.actor, { storeId: store.storeId, chargeId }))).toBe("charge_paid");
    await endPayment(transactionId, "failed");
    await cancelCharge(store.actor, { storeId: store.storeId, chargeId });
    expect(await getChargePage(chargeId, null)).toMatchObject({ charge: { state: "cancelled" } });
  });

  test("tips: presets, free, none, and none where the store allows none", async () => {
    const store = await makeStore();
    const [tipped, plain] = [await makeChargeOf(store, { isTipAllowed: true }), await makeChargeOf(store)];
    const rafa = await payer();
    const tipped10 = await quoteCharge(rafa, { chargeId: tipped, tip: "10", tipText: "" });
    expect(tipped10.quote).toMatchObject({ amountBrlCentavos: 4_235n, charge: { tipBrlCentavos: 385n } });
    expect((await quoteCharge(rafa, { chargeId: tipped, tip: "other", tipText: "5,00" })).quote.charge).toMatchObject({ tipBrlCentavos: 500n });
    expect((await quoteCharge(rafa, { chargeId: tipped, tip: "other", tipText: "" })).quote.charge).toMatchObject({ tipBrlCentavos: 0n });
    const refused = (chargeId: string, tipText: string) => codeOf(quoteCharge(rafa, { chargeId, tip: "other", tipText }));
    expect(await refused(tipped, "-1,00")).toBe("amount_negative");
    expect(await refused(tipped, "38,51")).toBe("tip_too_large");
    expect(await refused(plain, "1,00")).toBe("tip_not_allowed");
    expect(await codeOf(quoteCharge(rafa, { chargeId: plain, tip: "15", tipText: "" }))).toBe("tip_not_allowed");
    const { transactionId } = await confirmPayment(rafa, { key: randomUUID(), quote: tipped10.signed });
    const [row] = await sql`SELECT t.tip_brl_centavos::int AS brl, t.amount_usd = c.amount_usd + t.tip_usd AS adds_up FROM transactions t JOIN charges c ON c.id = t.charge_id WHERE t.id = ${transactionId}`;
    expect(row).toEqual({ brl: 385, adds_up: true });
  });

  test("a quote that says anything but the charge is refused by the table itself", async () => {
    const store = await makeStore();
    const other = await makeStore();
    const chargeId = await makeChargeOf(store, { isTipAllowed: true });
    const closed = await makeChargeOf(store);
    const rafa = await payer();
    const { quote, signed } = await quoteCharge(rafa, { chargeId, tip: "5", tipText: "" });
    const [body] = signQuote({ ...quote, amountUsdMicros: 1n }).split(".");
    expect(await codeOf(confirmPayment(rafa, { key: randomUUID(), quote: `${body}.${signed.split(".")[1]}` }))).toBe("quote_invalid");
    const charge = quote.charge!;
    // As if the web process itself were lying: signed well, and still not what is owed.
    const forged = [
      { ...quote, amountUsdMicros: 10_000n, parts: [{ kind: "dollars" as const, amountUsdMicros: 10_000n }] },
      { ...quote, amountBrlCentavos: quote.amountBrlCentavos - 1n },
      { ...quote, storeId: other.storeId },
      { ...quote, brlPerUsdMicros: quote.brlPerUsdMicros * 2n },
      { ...quote, charge: { ...charge, id: newId() } },
      { ...quote, charge: { ...charge, tipUsdMicros: -charge.tipUsdMicros, tipBrlCentavos: -charge.tipBrlCentavos } },
      { ...quote, charge: { ...charge, tipUsdMicros: 0n }, amountUsdMicros: quote.amountUsdMicros - charge.tipUsdMicros, parts: [{ kind: "dollars" as const, amountUsdMicros: quote.amountUsdMicros - charge.tipUsdMicros }] },
    ];
    for (const lie of forged) expect(await codeOf(confirmPayment(rafa, { key: randomUUID(), quote: signQuote(lie) }))).toBe("quote_invalid");
    expect(await codeOf(confirmPayment(rafa, { key: randomUUID(), quote: signQuote({ ...quote, charge: { ...charge, id: closed } }) }))).toBe("tip_not_allowed");
    // An amount that is not there at all compares with nothing, and must not slip through for that.
    for (const [tipUsd, tipBrl, rate] of [[null, null, "5.5"], [null, 0, "5.5"], ["0", null, "5.5"], ["0", 0, null]] as const) {
      const [row] = await sql<{ result: string }[]>`
        SELECT result FROM pay_charge(
          ${chargeId}, ${tipUsd}::numeric, ${tipBrl}::bigint, ${newId()}, ${rafa.userId}, ${store.storeId}, '84532', 1, 0.01, 1, ${rate}::numeric, now(),
          ${[USDC["84532"]]}, ${["10000"]}::numeric[], '[]', '{}', ${randomUUID()}, 'f', NULL, ${rafa.sessionId}, NULL, NULL)`;
      expect(row).toEqual({ result: "charge_unknown" });
    }
    // A shortened or stolen quote of another payer is none.
    expect(() => openQuote(signed, store.actor.userId)).toThrow("quote_invalid");
    expect(await paymentRowsOf(rafa.userId)).toEqual(NOTHING);
    expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: null, payments: 0 });
  });

  test("a payment that failed leaves it open for the next", async () => {
    const store = await makeStore();
    const chargeId = await makeChargeOf(store);
    const [rafa, ana] = [await payer(), await payer("Ana")];
    const first = await payCharge(rafa, chargeId);
    expect(await codeOf(payCharge(ana, chargeId))).toBe("charge_paid");
    await endPayment(first.transactionId, "failed");
    expect(await getChargePage(chargeId, ana)).toMatchObject({ charge: { state: "open", payment: null } });
    const second = await payCharge(ana, chargeId);
    expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: second.transactionId, payments: 2 });
  });

  test("is paid on the chain where the payer's dollars are", async () => {
    const store = await makeStore({ chainIds: ["84532", "11155420"] });
    const chargeId = await makeChargeOf(store);
    const rafa = (await makePerson()).actor;
    await sql`UPDATE token_balances SET balance = 50000000 WHERE user_id = ${rafa.userId} AND chain_id = '11155420'`;
    const { transactionId } = await payCharge(rafa, chargeId);
    expect(await sql`SELECT chain_id FROM transactions WHERE id = ${transactionId}`).toEqual([{ chain_id: "11155420" }]);
    expect(await codeOf(payCharge(await payer(), chargeId))).toBe("charge_paid");
  });

  test("what pay_reserve refuses leaves the charge open", async () => {
    const store = await makeStore();
    const chargeId = await makeChargeOf(store);
    const rafa = await payer();
    const { signed } = await quoteCharge(rafa, { chargeId, tip: "0", tipText: "" });
    await sql`UPDATE token_balances SET balance = 0 WHERE user_id = ${rafa.userId}`;
    expect(await codeOf(confirmPayment(rafa, { key: randomUUID(), quote: signed }))).toBe("balance_insufficient");
    expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: null, payments: 0 });
  });
});

test("a price with every part, every switch and a tip still fits an address", async () => {
  const chargeId = await makeChargeOf(await makeStore(), { isTipAllowed: true });
  const { quote } = await quoteCharge(await payer(), { chargeId, tip: "15", tipText: "" });
  const rewards = (kind: "own" | "other") => ({ kind, storeId: newId(), amountUsdMicros: 9_999_999_999n, units: 10n ** 24n, feeUsdMicros: 9_999_999_999n, surplusUsdMicros: 9_999_999_999n });
  const parts = [rewards("own"), rewards("other"), rewards("other"), rewards("other"), { kind: "dollars" as const, amountUsdMicros: 9_999_999_999n }];
  const signed = signQuote({ ...quote, parts, choice: { isDollarsOnly: false, offStoreIds: Array.from({ length: STORES_OFF_MAX }, newId) } });
  expect(signed.length).toBeLessThan(QUOTE_CHARACTERS_MAX);
});

test("a customer whose code was scanned sees the charge and pays it; nobody else can", async () => {
  const store = await makeStore();
  const [ana, rafa] = [await payer("Ana Maria"), await payer()];
  const code = await receiveCodeFor(ana);
  const chargeId = await makeChargeOf(store, { customerCode: `${code.slice(0, 4)} ${code.slice(4).toLowerCase()}` });
  expect(await chargesWaitingFor(ana)).toMatchObject([{ id: chargeId, storeName: "Café da Praia" }]);
  expect(await chargesWaitingFor(rafa)).toEqual([]);
  expect(await getTillCharge(store.actor, { storeId: store.storeId, chargeId })).toMatchObject({ customerName: "Ana M." });
  expect(await codeOf(payCharge(rafa, chargeId))).toBe("charge_not_yours");
  await payCharge(ana, chargeId);
  expect(await chargesWaitingFor(ana)).toEqual([]);
});
