import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { cancelCharge } from "@/lib/charges/cancel-charge";
import { getChargePage, getTillCharge } from "@/lib/charges/queries";
import { quoteCharge } from "@/lib/charges/quote-charge";
import type { TipChoice } from "@/lib/charges/rules";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { chargeRowOf, endPayment, makeChargeOf, payCharge } from "@/lib/test/charge-world";
import { makePerson, makeRate, makeStore } from "@/lib/test/factories";
import { stranger } from "@/lib/test/guest-world";
import { openChargePayment } from "./open-charge-payment";
import { getGuestPayment } from "./queries";
import { releaseCharge } from "./release-charge";
import { prepareGuestPayment, reportGuestPayment } from "./report-guest-payment";
import { GUEST_CHARGE_MINUTES, LANDING_GRACE_SECONDS, outcomeOf } from "./rules";
import { watchGuestPayments } from "./watch-guest-payments";

const RACES = 20;
const WALLET = { chainId: "84532" as const, payer: `0x${"ab".repeat(20)}` };

let store: Awaited<ReturnType<typeof makeStore>>;
beforeAll(makeRate);
beforeEach(async () => {
  store = await makeStore();
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const payer = async (name = "Rafael Lima") => (await makePerson({ dollarsUsdMicros: 100_000_000n, name })).actor;
// Of its own address each: what one address may open is limited, and no matter here.
const open = (chargeId: string, { tip = "0", tipText = "", person = null, ownReference = null }: { tip?: TipChoice; tipText?: string; person?: Actor | null; ownReference?: string | null } = {}) =>
  openChargePayment({ ...stranger, ip: null, deviceId: randomUUID() }, person, { chargeId, tip, tipText, ownReference });
const opened = async (...args: Parameters<typeof open>) => {
  const { reference, secret } = await open(...args);
  if (secret === null) throw new Error("an opened page has its secret");
  return { reference, secret };
};
const end = (reference: string, seconds: number) => sql`UPDATE guest_payments SET expires_at = now() - make_interval(secs => ${seconds}) WHERE reference = ${reference}`;
beforeEach(() => sql`DELETE FROM rate_limits`);

describe("a wallet's price for a charge", () => {
  test("is the charge's own dollars and reais with the tip, held five minutes and never longer than the charge lives", async () => {
    const chargeId = await makeChargeOf(store, { isTipAllowed: true, note: "Mesa 4" });
    const { charge } = await getChargePage(chargeId, null);
    const { reference, secret } = await opened(chargeId, { tip: "10" });
    const view = await getGuestPayment(reference, secret);
    expect(view).toMatchObject({ status: "open", amountBrlCentavos: 4_235n, brlPerUsdMicros: charge.brlPerUsdMicros, rateAt: charge.rateAt, own: { charge: { id: chargeId, note: "Mesa 4", tipBrlCentavos: 385n, lostTo: null } } });
    expect(view.amountUsdMicros).toBe(charge.amountUsdMicros + (view.own?.charge?.tipUsdMicros ?? 0n));
    expect(view.secondsLeft).toBeGreaterThan(GUEST_CHARGE_MINUTES * 60 - 10);
    expect(view.secondsLeft).toBeLessThanOrEqual(GUEST_CHARGE_MINUTES * 60);
    // Whoever found the reference in the public memo learns nothing of the charge.
    expect(JSON.stringify(await getGuestPayment(reference, null), (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value))).not.toContain(chargeId);
    const [trail] = await sql`
      SELECT (SELECT count(*)::int FROM audit_logs a JOIN guest_payments g ON g.id = a.resource_id WHERE a.action = 'guest_payment.charge_held' AND g.reference = ${reference}) AS audits,
             (SELECT count(*)::int FROM analytics_events WHERE event_name = 'guest_payment_requested' AND properties->>'store_id' = ${store.storeId}) AS events,
             (SELECT count(*)::int FROM transactions WHERE store_id = ${store.storeId}) AS payments`;
    expect(trail).toEqual({ audits: 1, events: 1, payments: 0 });

    const short = await makeChargeOf(store);
    await sql`UPDATE charges SET expires_at = now() + interval '30 seconds' WHERE id = ${short}`;
    const brief = await opened(short);
    expect((await getGuestPayment(brief.reference, brief.secret)).secondsLeft).toBeLessThanOrEqual(30);
  });

  test("lets nobody else pay meanwhile: customer, wallet, and the same person from the account; all are told", async () => {
    const chargeId = await makeChargeOf(store);
    const rafa = await payer();
    const early = await quoteCharge(rafa, { chargeId, tip: "0", tipText: "" });
    const { reference } = await opened(chargeId, { person: rafa });
    expect(await codeOf(confirmPayment(rafa, { key: randomUUID(), quote: early.signed }))).toBe("charge_held");
    expect(await codeOf(payCharge(await payer("Ana"), chargeId))).toBe("charge_held");
    const refusal = await open(chargeId).catch((error: DomainError) => error);
    if (!(refusal instanceof DomainError)) throw new Error("it is held");
    expect(refusal.code).toBe("charge_held");
    expect(Number(refusal.details["seconds"])).toBeGreaterThan(GUEST_CHARGE_MINUTES * 60 + LANDING_GRACE_SECONDS - 10);
    expect(Number(refusal.details["seconds"])).toBeLessThanOrEqual(GUEST_CHARGE_MINUTES * 60 + LANDING_GRACE_SECONDS);
    // The browser that holds it comes back to its own page.
    expect(await open(chargeId, { ownReference: reference })).toEqual({ reference, secret: null });
    expect(await getChargePage(chargeId, null)).toMatchObject({ charge: { state: "paying", payment: null }, ownWalletReference: null, isPaidByMe: false });
    expect(await getChargePage(chargeId, null, new Date(), reference)).toMatchObject({ ownWalletReference: reference });
    expect(await getTillCharge(store.actor, { storeId: store.storeId, chargeId })).toMatchObject({ state: "paying", hold: { isReported: false } });
    expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: null, payments: 0 });
  });

  test("a wallet that never signs frees it when its time and a block's grace are over, and its late payment is late", async () => {
    const chargeId = await makeChargeOf(store);
    const first = await opened(chargeId);
    await prepareGuestPayment(stranger, first, WALLET);
    await end(first.reference, LANDING_GRACE_SECONDS - 5);
    expect(await codeOf(open(chargeId))).toBe("charge_held");
    await end(first.reference, LANDING_GRACE_SECONDS + 1);
    await watchGuestPayments();
    expect(await codeOf(prepareGuestPayment(stranger, first, WALLET))).toBe("guest_payment_over");
    expect(await getChargePage(chargeId, null)).toMatchObject({ charge: { state: "open", hold: null } });
    // Said late that it had paid: nothing is held again by a word.
    await reportGuestPayment(first, { ...WALLET, txHash: `0x${"1".repeat(64)}` });
    const second = await opened(chargeId);
    expect(second.reference).not.toBe(first.reference);
    expect(await getGuestPayment(first.reference, first.secret)).toMatchObject({ status: "checking" });
  });

  test("whoever changes the mind gives it free at once, by the own browser alone, and not after a payment was reported", async () => {
    const chargeId = await makeChargeOf(store);
    const first = await opened(chargeId);
    expect(await codeOf(releaseCharge(stranger, { reference: first.reference, secret: "0".repeat(32) }))).toBe("guest_payment_not_own");
    expect(await codeOf(releaseCharge(stranger, { reference: "f".repeat(32), secret: first.secret }))).toBe("not_found");
    expect(await releaseCharge(stranger, first)).toEqual({ chargeId });
    expect(await releaseCharge(stranger, first)).toEqual({ chargeId });
    expect(await getGuestPayment(first.reference, first.secret)).toMatchObject({ status: "expired" });
    const second = await opened(chargeId);
    await reportGuestPayment(second, { ...WALLET, txHash: `0x${"2".repeat(64)}` });
    await releaseCharge(stranger, second);
    expect(await codeOf(payCharge(await payer(), chargeId))).toBe("charge_held");
    expect(await codeOf(cancelCharge(store.actor, { storeId: store.storeId, chargeId }))).toBe("charge_paid");
    const [audits] = await sql`SELECT count(*)::int AS n FROM audit_logs a JOIN guest_payments g ON g.id = a.resource_id WHERE a.action = 'guest_payment.charge_released' AND g.charge_id = ${chargeId}`;
    expect(audits).toEqual({ n: 1 });
  });

  test("expired, cancelled, paid, unknown and somebody else's charges are refused, and a till takes back what nobody signed", async () => {
    const [late, taken, paid, meant] = [await makeChargeOf(store), await makeChargeOf(store), await makeChargeOf(store), await makeChargeOf(store)];
    await sql`UPDATE charges SET expires_at = now() - interval '1 second' WHERE id = ${late}`;
    const page = await opened(taken);
    await cancelCharge(store.actor, { storeId: store.storeId, chargeId: taken });
    expect(await getGuestPayment(page.reference, page.secret)).toMatchObject({ status: "expired", own: { charge: { lostTo: "cancelled" } } });
    expect(await codeOf(prepareGuestPayment(stranger, page, WALLET))).toBe("guest_payment_over");
    const rafa = await payer();
    const { transactionId } = await payCharge(rafa, paid);
    const ana = await payer("Ana");
    await sql`UPDATE charges SET customer_id = ${ana.userId} WHERE id = ${meant}`;
    expect(await Promise.all([late, taken, paid, meant, newId(), "nonsense"].map((id) => codeOf(open(id))))).toEqual(["charge_over", "charge_over", "charge_paid", "charge_not_yours", "not_found", "not_found"]);
    expect(await codeOf(open(meant, { person: rafa }))).toBe("charge_not_yours");
    await opened(meant, { person: ana });
    await endPayment(transactionId, "failed");
    await opened(paid);
  });

  test("tips: presets, free and none; negative, too large and missing ones are refused, by the function itself too", async () => {
    const [tipped, plain] = [await makeChargeOf(store, { isTipAllowed: true }), await makeChargeOf(store)];
    expect(await codeOf(open(tipped, { tip: "other", tipText: "-1,00" }))).toBe("amount_negative");
    expect(await codeOf(open(tipped, { tip: "other", tipText: "38,51" }))).toBe("tip_too_large");
    expect(await codeOf(open(plain, { tip: "5" }))).toBe("tip_not_allowed");
    // As if the web process itself were lying.
    const say = async (chargeId: string | null, usd: string | null, brl: string | null, { reference = "e".repeat(32), secret = "e".repeat(64) }: { reference?: string | null; secret?: string | null } = {}) => {
      const [row] = await sql<{ result: string }[]>`SELECT result FROM guest_charge_open(${chargeId}, ${usd}::numeric, ${brl}::bigint, ${newId()}, ${reference}, ${secret}, NULL)`;
      return row?.result;
    };
    const missing = [say(tipped, null, "0"), say(tipped, "0", null), say(tipped, null, null), say(null, "0", "0"), say(tipped, "0", "0", { reference: null }), say(tipped, "0", "0", { secret: null })];
    expect(await Promise.all(missing)).toEqual(Array.from({ length: 6 }, () => "charge_unknown"));
    const lies = [say(tipped, "-1", "-550"), say(tipped, "-0.000001", "0"), say(tipped, "1", "0"), say(tipped, "0", "385"), say(tipped, "0.000001", "385"), say(tipped, "99", "3851"), say(tipped, "NaN", "385")];
    expect(await Promise.all(lies)).toEqual(Array.from({ length: 7 }, () => "charge_unknown"));
    expect(await say(plain, "1", "550")).toBe("tip_not_allowed");
    expect((await sql`SELECT count(*)::int AS n FROM guest_payments WHERE store_id = ${store.storeId}`)[0]).toEqual({ n: 0 });
    const free = await opened(tipped, { tip: "other", tipText: "5,00" });
    expect(await getGuestPayment(free.reference, free.secret)).toMatchObject({ amountBrlCentavos: 4_350n });
    const dollars = await makeChargeOf(store, { currency: "USD", amountText: "700", typedText: "700", isTipAllowed: true });
    const inDollars = await opened(dollars, { tip: "15" });
    expect(await getGuestPayment(inDollars.reference, inDollars.secret)).toMatchObject({ amountUsdMicros: 8_050_000n });
  });
});

describe("at once", () => {
  test(`a customer and a wallet, ${RACES} times: one of them has the charge`, async () => {
    const rafa = (await makePerson({ dollarsUsdMicros: 900_000_000n, name: "Rafael Lima" })).actor;
    const winners = { wallet: 0, customer: 0 };
    for (let round = 0; round < RACES; round += 1) {
      const chargeId = await makeChargeOf(store, { amountText: "100", typedText: "100" });
      const { signed } = await quoteCharge(rafa, { chargeId, tip: "0", tipText: "" });
      const [wallet, customer] = await Promise.allSettled([open(chargeId), confirmPayment(rafa, { key: randomUUID(), quote: signed })]);
      expect([wallet.status, customer.status].filter((status) => status === "fulfilled")).toHaveLength(1);
      if (wallet.status === "fulfilled") {
        winners.wallet += 1;
        expect(customer).toMatchObject({ reason: { code: "charge_held" } });
        expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: null, payments: 0 });
      } else {
        winners.customer += 1;
        expect(wallet).toMatchObject({ reason: { code: "charge_paid", details: { by: "Rafael L." } } });
        expect((await chargeRowOf(chargeId)).payments).toBe(1);
      }
    }
    expect(winners.wallet + winners.customer).toBe(RACES);
  });

  test("twenty wallets: one holds it", async () => {
    const chargeId = await makeChargeOf(store);
    const answers = await Promise.allSettled(Array.from({ length: RACES }, () => open(chargeId)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(answers.every((answer) => answer.status === "fulfilled" || (answer.reason as DomainError).code === "charge_held")).toBe(true);
    expect((await sql`SELECT count(*)::int AS n FROM guest_payments WHERE charge_id = ${chargeId}`)[0]).toEqual({ n: 1 });
  });
});

test("a charge that is taken or cancelled makes a full payment in time a named case", () => {
  const now = new Date();
  const event = { storeId: "s", amountUsdMicros: 7n, minedAt: now };
  const page = (isTaken: boolean, isCancelled: boolean) => ({ storeId: "s", amountUsdMicros: 7n, expiresAt: now, charge: { isTaken, isCancelled } });
  expect([outcomeOf(event, page(false, false), false), outcomeOf(event, page(true, false), false), outcomeOf(event, page(false, true), false), outcomeOf(event, page(true, true), false)]).toEqual(["paid", "paid_twice", "late", "paid_twice"]);
});

test("the web process can't give a page a charge, change its price, or settle a charge past the functions", async () => {
  const chargeId = await makeChargeOf(store);
  await opened(chargeId);
  const statements = [
    `INSERT INTO guest_payments (id, reference, secret_hash, store_id, amount_usd, amount_brl_centavos, brl_per_usd, rate_at, expires_at, charge_id, tip_usd, tip_brl_centavos) VALUES (gen_random_uuid(), '${"d".repeat(32)}', 'x', '${store.storeId}', 0.01, 1, 5, now(), now() + interval '1 day', '${chargeId}', 0, 0)`,
    "UPDATE guest_payments SET charge_id = NULL", "UPDATE guest_payments SET amount_usd = 0.01", "UPDATE guest_payments SET tip_usd = 0", "UPDATE guest_payments SET released_at = NULL", "UPDATE guest_payments SET expires_at = now()",
    `SELECT guest_charges_settle(ARRAY['${chargeId}']::uuid[], ARRAY[gen_random_uuid()], '{}')`,
  ];
  for (const statement of statements) {
    await expect(
      sql.begin(async (tx) => {
        await tx.unsafe("SET LOCAL ROLE cocopay_web");
        await tx.unsafe(statement);
      }),
    ).rejects.toThrow(/permission denied/);
  }
});

test("nothing is offered or held while wallets are switched off", async () => {
  const chargeId = await makeChargeOf(store);
  await sql`UPDATE feature_flags SET enabled = FALSE WHERE name = 'guest_payments'`;
  // A switched flag is felt within ten seconds.
  const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 20_000);
  expect(await codeOf(open(chargeId))).toBe("guest_payments_off");
  clock.mockRestore();
  await sql`UPDATE feature_flags SET enabled = TRUE WHERE name = 'guest_payments'`;
});
