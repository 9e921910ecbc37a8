import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import { decodeBrCode, encodeBrCode } from "@/lib/brcode/br-code";
import { bodyOf, signBody } from "@/lib/dev/avenia/deliver";
import { newKey } from "@/lib/dev/avenia/state";
import { DomainError } from "@/lib/errors";
import { openChargePayment } from "@/lib/guests/open-charge-payment";
import { getGuestPayment } from "@/lib/guests/queries";
import { prepareGuestPayment } from "@/lib/guests/report-guest-payment";
import { newId } from "@/lib/ids";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { makePerson, makeRate, makeStore } from "@/lib/test/factories";
import { makeCharge, makePixShop, openPix, payAtBank, pixRow, saleOf, switchPixOn, ticketsOf, type PixShop } from "@/lib/test/pix-world";
import { runJobs } from "@/lib/test/run-jobs";
import { takeWebhook } from "@/lib/topups/take-webhook";
import { askTillPix } from "./ask-till-pix";
import { openTillPix } from "./open-till-pix";
import { getStorePix, getTillPix } from "./queries";
import { syncTillPix } from "./sync-till-pix";
import { watchTillPix } from "./watch-till-pix";

process.env.CHAIN_IDS = "84532";
let avenia: AveniaWorld;
beforeAll(async () => {
  avenia = await startAveniaWorld();
  await makeRate();
  await switchPixOn();
});
afterAll(() => avenia.stop());
beforeEach(() => {
  avenia.sandbox.world.faults.length = 0;
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
async function shop(): Promise<PixShop> {
  const store = await makeStore();
  return makePixShop(avenia, store.storeId, store.actor);
}
const fault = (call: string, kind: string) => avenia.post("/__sandbox/faults", { call, kind });
const TICKETS = "POST /v2/account/tickets";

test("a charge has one code, for exactly its amount, to the store's own account; bytes survive reading and writing", async () => {
  const own = await shop();
  const chargeId = await makeCharge(own, 12_345n);
  const asked = await Promise.all(Array.from({ length: 6 }, () => askTillPix(own.actor, { storeId: own.storeId, chargeId })));
  const pixId = asked[0]!.pixId;
  expect(new Set(asked.map((one) => one.pixId)).size).toBe(1);
  await Promise.all(Array.from({ length: 6 }, () => openTillPix(pixId)));
  expect(ticketsOf(avenia, pixId)).toHaveLength(1);
  const row = await pixRow(pixId);
  const [account] = await sql<{ address: string }[]>`SELECT address FROM store_accounts WHERE store_id = ${own.storeId} AND chain_id = '84532'`;
  expect(row).toMatchObject({ status: "open", wallet_address: account!.address });
  const decoded = decodeBrCode(row.br_code!);
  expect(decoded.amountBrlCentavos).toBe(12_345n);
  expect(encodeBrCode(decoded)).toBe(row.br_code);
  expect(await getTillPix(own.actor, { storeId: own.storeId, chargeId })).toMatchObject({ shown: "open", amountBrlCentavos: "12345", code: { brCode: row.br_code, bankUrl: expect.stringContaining("/__sandbox/pay") } });
});

test("who may not, gets none: another store, a stranger, a paid, expired, cancelled or personal charge, crumbs", async () => {
  const [own, other] = [await shop(), await shop()];
  const { actor: stranger } = await makePerson();
  const chargeId = await makeCharge(own);
  expect(await codeOf(askTillPix(stranger, { storeId: own.storeId, chargeId }))).toBe("not_found");
  expect(await codeOf(askTillPix(other.actor, { storeId: other.storeId, chargeId }))).toBe("not_found");
  expect(await codeOf(getTillPix(other.actor, { storeId: own.storeId, chargeId }))).toBe("not_found");
  expect(await codeOf(askTillPix(own.actor, { storeId: own.storeId, chargeId: await makeCharge(own, 10_000n, { minutes: -1 }) }))).toBe("charge_over");
  const cancelled = await makeCharge(own);
  await sql`UPDATE charges SET cancelled_at = now() WHERE id = ${cancelled}`;
  expect(await codeOf(askTillPix(own.actor, { storeId: own.storeId, chargeId: cancelled }))).toBe("charge_over");
  expect(await codeOf(askTillPix(own.actor, { storeId: own.storeId, chargeId: await makeCharge(own, 10_000n, { customerId: stranger.userId }) }))).toBe("charge_not_yours");
  expect(await codeOf(askTillPix(own.actor, { storeId: own.storeId, chargeId: await makeCharge(own, 499n) }))).toBe("amount_too_small");
  const taken = await makeCharge(own);
  const firstId = newId();
  await sql`INSERT INTO transactions (id, store_id, type, status, amount_usd, chain_id, charge_id) VALUES (${firstId}, ${own.storeId}, 'payment', 'pending', 18, '84532', ${taken})`;
  await sql`UPDATE charges SET transaction_id = ${firstId} WHERE id = ${taken}`;
  expect(await codeOf(askTillPix(own.actor, { storeId: own.storeId, chargeId: taken }))).toBe("charge_paid");
  expect(await sql`SELECT 1 FROM till_pix WHERE store_id = ${own.storeId}`).toHaveLength(0);
});

test("a lost answer makes one ticket: it is looked for by our id, never ordered twice", async () => {
  const own = await shop();
  await fault(TICKETS, "timeout-after-accept");
  const pixId = await openPix(own, await makeCharge(own));
  expect(await pixRow(pixId)).toMatchObject({ status: "asked", ticket_id: null });
  await Promise.all([openTillPix(pixId), openTillPix(pixId)]);
  expect(await pixRow(pixId)).toMatchObject({ status: "open", ticket_id: ticketsOf(avenia, pixId)[0]!.id });
  expect(ticketsOf(avenia, pixId)).toHaveLength(1);
});

test.each(["401", "429"] as const)("HTTP %s while ordering loses nothing and orders once", async (kind) => {
  const own = await shop();
  await fault(TICKETS, kind);
  const pixId = await openPix(own, await makeCharge(own));
  expect((await pixRow(pixId)).status).toBe("asked");
  await openTillPix(pixId);
  expect((await pixRow(pixId)).status).toBe("open");
  expect(ticketsOf(avenia, pixId)).toHaveLength(1);
});

test("a provider that stays away is given up after five minutes, and said so", async () => {
  const own = await shop();
  await fault("GET /v2/account/quote/fixed-rate", "500");
  const pixId = await openPix(own, await makeCharge(own));
  expect((await pixRow(pixId)).status).toBe("asked");
  await openTillPix(pixId, new Date(Date.now() + 301_000));
  expect(await pixRow(pixId)).toMatchObject({ status: "refused", failure: "not-answered" });
  expect(ticketsOf(avenia, pixId)).toHaveLength(0);
});

test("a paid Pix takes its charge at once, before any dollar is seen", async () => {
  const own = await shop();
  const pixId = await openPix(own, await makeCharge(own));
  await payAtBank(avenia, pixId);
  await Promise.all([syncTillPix(pixId), syncTillPix(pixId)]);
  const row = await pixRow(pixId);
  expect(row).toMatchObject({ status: "paid", arrived_usd: null });
  expect(await saleOf(pixId)).toMatchObject({ id: row.transaction_id, status: "pending", origin: "pix", from_user_id: null, brl: "10000", tokens_used: [], charge_transaction: row.transaction_id, code: expect.stringMatching(/^[A-HJ-NP-Z2-9]{6}$/) });
  expect(await sql`SELECT 1 FROM transactions WHERE charge_id = ${row.charge_id}`).toHaveLength(1);
  expect(await codeOf(askTillPix(own.actor, { storeId: own.storeId, chargeId: row.charge_id }))).toBeNull();
  // What the store has free stays a whole number of base units for everybody who asks.
  await sql`UPDATE till_pix SET tx_hash = NULL WHERE id = ${pixId}`;
  const [free] = await sql<{ units: string; usd: string }[]>`SELECT units::text, usd_micros::text AS usd FROM store_available(${own.storeId}, '84532')`;
  expect(free).toEqual({ units: "0", usd: "0" });
  const [promised] = await sql<{ usd: string }[]>`SELECT usd_micros::text AS usd FROM till_pix_promised(${own.storeId}, '84532')`;
  expect(promised).toEqual({ usd: "17859712" });
});

test("a charge that a wallet holds gets no code; a Pix whose code was there before takes it, and the wallet is told before it signs", async () => {
  const own = await shop();
  const hold = async (chargeId: string) => openChargePayment({ ip: null, deviceId: "S".repeat(22) }, null, { chargeId, tip: "0", tipText: "", ownReference: null });
  const held = await makeCharge(own);
  await hold(held);
  expect(await codeOf(askTillPix(own.actor, { storeId: own.storeId, chargeId: held }))).toBe("charge_held");
  const chargeId = await makeCharge(own);
  const pixId = await openPix(own, chargeId);
  const { reference, secret } = await hold(chargeId);
  await payAtBank(avenia, pixId);
  await syncTillPix(pixId);
  expect(await pixRow(pixId)).toMatchObject({ status: "paid" });
  expect(await codeOf(prepareGuestPayment({ ip: null }, { reference, secret: secret ?? "" }, { chainId: "84532", payer: `0x${"ab".repeat(20)}` }))).toBe("guest_payment_over");
  expect(await getGuestPayment(reference, secret)).toMatchObject({ status: "expired", own: { charge: { lostTo: "paid" } } });
});

test.each([
  ["less", "underpaid", "UNDERPAID-DEPOSIT-RETURNED"],
  ["late", "paid_late", "DEPOSIT-AFTER-EXPIRATION"],
  ["refused", "refused", "PAYER-NOT-ALLOWED"],
  ["held", "held", null],
  ["expire", "expired", null],
] as const)("paid %s, it is %s, and the charge stays open", async (way, status, failure) => {
  const own = await shop();
  const chargeId = await makeCharge(own);
  const pixId = await openPix(own, chargeId);
  await payAtBank(avenia, pixId, way);
  await syncTillPix(pixId);
  expect(await pixRow(pixId)).toMatchObject({ status, failure });
  expect(await sql`SELECT 1 FROM charges WHERE id = ${chargeId} AND transaction_id IS NULL`).toHaveLength(1);
  expect(await getTillPix(own.actor, { storeId: own.storeId, chargeId })).toMatchObject({ shown: status, code: null });
});

test("a Pix that the provider sends back after its word frees the charge again", async () => {
  const own = await shop();
  const chargeId = await makeCharge(own);
  const pixId = await openPix(own, chargeId);
  const ticket = ticketsOf(avenia, pixId)[0]!;
  Object.assign(ticket, { status: "PROCESSING" });
  await syncTillPix(pixId);
  expect((await pixRow(pixId)).status).toBe("paid");
  Object.assign(ticket, { status: "FAILED", failureReason: "DEPOSIT-RETURNED-BY-BANK" });
  await syncTillPix(pixId);
  expect(await pixRow(pixId)).toMatchObject({ status: "returned", failure: "DEPOSIT-RETURNED-BY-BANK" });
  expect(await saleOf(pixId)).toMatchObject({ status: "failed" });
});

test("two Pix for one code: the second is named and goes back, and the sale is one", async () => {
  const own = await shop();
  const pixId = await openPix(own, await makeCharge(own));
  await payAtBank(avenia, pixId, "twice");
  await syncTillPix(pixId);
  const row = await pixRow(pixId);
  expect(row.status).toBe("paid");
  expect(row.second_payment_at).not.toBeNull();
  expect(await sql`SELECT 1 FROM transactions WHERE charge_id = ${row.charge_id}`).toHaveLength(1);
});

const delivery = (pixId: string, type: string, id = newId(), isWrapped = false) => {
  const ticket = ticketsOf(avenia, pixId)[0]!;
  const body = bodyOf({ id, subscription: "TICKET", type, subAccountId: ticket.subAccountId, createdAt: new Date().toISOString(), data: { ticket: { id: ticket.id, status: "PAID" } } }, isWrapped);
  return { body: Buffer.from(body), signature: signBody(avenia.sandbox.world.state.privateKeyPem, body) };
};

test("webhooks many times, out of order and forged: one sale, and the ticket alone is believed", async () => {
  const own = await shop();
  const pixId = await openPix(own, await makeCharge(own));
  for (const type of ["TICKET-COMPLETE", "DEPOSIT-SUCCESS"]) {
    const { body, signature } = delivery(pixId, type, newId(), type === "DEPOSIT-SUCCESS");
    expect(await takeWebhook(body, signature)).toBe("taken");
    await runJobs();
    // It says that it is paid; the provider, asked, says that it is not.
    expect((await pixRow(pixId)).status).toBe("open");
  }
  const forged = delivery(pixId, "DEPOSIT-SUCCESS");
  expect(await takeWebhook(forged.body, signBody(newKey(), forged.body.toString()))).toBe("forged");
  await payAtBank(avenia, pixId);
  const { body, signature } = delivery(pixId, "TICKET-CREATED", "till-event-1");
  expect(await Promise.all(Array.from({ length: 6 }, () => takeWebhook(body, signature)))).toEqual(Array.from({ length: 6 }, () => "taken"));
  await runJobs();
  expect(await sql`SELECT outcome FROM webhook_inbox WHERE event_id = 'till-event-1'`).toEqual([{ outcome: "applied" }]);
  expect((await pixRow(pixId)).status).toBe("paid");
  expect(await sql`SELECT 1 FROM audit_logs WHERE metadata->>'tillPixId' = ${pixId} AND action = 'till_pix.status_changed' AND new_values->>'status' = 'paid'`).toHaveLength(1);
});

test("without any webhook the minute's round finds the payment, also after the provider was away", async () => {
  const own = await shop();
  const pixId = await openPix(own, await makeCharge(own));
  await payAtBank(avenia, pixId);
  await fault(`GET /v2/account/tickets/${ticketsOf(avenia, pixId)[0]!.id}`, "500");
  await watchTillPix();
  expect((await pixRow(pixId)).status).toBe("open");
  await watchTillPix();
  expect((await pixRow(pixId)).status).toBe("paid");
});

test("the store's page names every state, for owners and admins", async () => {
  const own = await shop();
  const [first, second] = [await openPix(own, await makeCharge(own)), await openPix(own, await makeCharge(own))];
  await payAtBank(avenia, first, "less");
  await syncTillPix(first);
  expect((await getStorePix(own.actor, own.storeId)).items.map(({ id, shown }) => [id, shown])).toEqual([[second, "open"], [first, "underpaid"]]);
  const staff = await makeStore({ role: "staff" });
  expect(await codeOf(getStorePix(staff.actor, staff.storeId))).toBe("forbidden");
});

test("each process may do its own part as the role that it logs in as", async () => {
  const own = await shop();
  const { actor: customer } = await makePerson();
  const [chargeId, other] = [await makeCharge(own), await makeCharge(own)];
  const as = (role: "web" | "worker", statements: string[]) =>
    sql.begin(async (tx) => {
      await tx.unsafe(`SET LOCAL ROLE cocopay_${role}`);
      const answers: unknown[] = [];
      for (const statement of statements) answers.push((await tx.unsafe(statement))[0]?.result ?? null);
      return answers;
    });
  const pixId = await openPix(own, chargeId);
  const hash = "a".repeat(64);
  expect(
    await as("web", [
      `INSERT INTO till_pix (id, charge_id, store_id, provider, chain_id, amount_brl_centavos, asked_by, secret_hash) VALUES ('${newId()}', '${other}', '${own.storeId}', 'sandbox', '84532', 1000, '${own.actor.userId}', '${newId()}')`,
      `UPDATE store_identities SET asked_at = now(), asked_by = '${own.actor.userId}' WHERE store_id = '${own.storeId}'`,
      `UPDATE till_pix SET phone_hash = '${hash}', phone_shown = '+55', phone_changes = 1 WHERE id = '${pixId}'`,
      `SELECT till_pix_claim('${customer.userId}', '${pixId}', '${hash}', '+55') AS result`,
      `SELECT till_pix_claim('${own.actor.userId}', '${pixId}', '${hash}', '+55') AS result`,
      `SELECT till_pix_return('${own.actor.userId}', '${pixId}', NULL, NULL) AS result`,
    ]),
  ).toEqual([null, null, null, "claimed", "taken", "not_found"]);
  const transactionId = newId();
  expect(
    await as("worker", [
      `SELECT till_pix_take('${pixId}', '${transactionId}') AS result`,
      `SELECT till_pix_take('${pixId}', '${newId()}') AS result`,
      `SELECT till_pix_deposit('${pixId}', 17.859712, 'x', 1) AS result`,
      `SELECT till_pix_reward('${pixId}', '${newId()}', 1) AS result`,
      `SELECT till_pix_drop('${pixId}', 'x')`,
    ]),
  ).toEqual(["taken", "again", "short", "waits", null]);
  expect(await saleOf(pixId)).toMatchObject({ id: transactionId, status: "failed" });
});

test("the web process may ask and note phones, and can make nothing paid, claimed or returned", async () => {
  const own = await shop();
  const pixId = await openPix(own, await makeCharge(own));
  const asWeb = (statement: string) =>
    sql.begin(async (tx) => {
      await tx.unsafe("SET LOCAL ROLE cocopay_web");
      await tx.unsafe(statement);
    });
  await asWeb(`SELECT * FROM store_available('${own.storeId}', '84532')`);
  for (const statement of [
    "UPDATE till_pix SET status = 'paid'",
    "UPDATE till_pix SET claimed_by = asked_by",
    "UPDATE till_pix SET tx_hash = '0x'",
    "UPDATE store_identities SET status = 'approved'",
    "UPDATE charges SET transaction_id = NULL",
    `SELECT till_pix_take('${pixId}', '${newId()}')`,
    `SELECT till_pix_deposit('${pixId}', 1, 'x', 1)`,
    `SELECT till_pix_reward('${pixId}', '${newId()}', 1)`,
  ]) await expect(asWeb(statement)).rejects.toThrow(/permission denied/);
});
