import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { markSteppedUp } from "@/lib/auth/step-up";
import type { ChainId } from "@/lib/chain/chains";
import { newId } from "@/lib/ids";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { signQuote } from "@/lib/payments/quote";
import { quotePayment } from "@/lib/payments/quote-payment";
import { makePerson, makeRate, makeLiveSession, makeStore, paymentRowsOf } from "@/lib/test/factories";
import { assertPayableAtSigning } from "./assert-at-signing";
import { limitsOf } from "./queries";
import { assertWithinDay, dayRulesOf, LIMITS, nearnessOf } from "./rules";

const NOTHING = { transactions: 0, operations: 0, reservations: 0, audits: 0, events: 0 };
const RICH = 1_000_000_000_000n;
const usd = (dollars: number) => BigInt(Math.round(dollars * 1_000_000));
let store: Awaited<ReturnType<typeof makeStore>>;

beforeAll(async () => {
  await makeRate();
  store = await makeStore({ chainIds: ["84532", "11155420"] });
});

/** A person of a month ago with dollars on both chains; `days` and `isNewDevice` bring the narrow rules in. */
async function payer({ days = 30, isNewDevice = false } = {}) {
  const { actor } = await makePerson({ dollarsUsdMicros: RICH });
  await sql`UPDATE token_balances SET balance = ${RICH.toString()} WHERE user_id = ${actor.userId}`;
  await sql`UPDATE users SET created_at = now() - make_interval(days => ${days}) WHERE id = ${actor.userId}`;
  if (isNewDevice) await limitDevice(actor.sessionId);
  return actor;
}
type Payer = Awaited<ReturnType<typeof payer>>;
const limitDevice = (sessionId: string) => sql`UPDATE sessions SET limited_until = now() + interval '20 hours' WHERE id = ${sessionId}`;
const stepUp = (actor: Payer) => db.transaction((tx) => markSteppedUp(tx, actor, "passkey"));

/** Confirms without the early word of the quote: as somebody who calls the server action directly. */
async function pay(actor: Payer, dollars: number, { chainId = "84532", key = randomUUID() }: { chainId?: ChainId; key?: string } = {}) {
  const now = new Date();
  const amountUsdMicros = usd(dollars);
  const quote = signQuote({
    payerId: actor.userId, storeId: store.storeId, shortCode: store.shortCode, chainId, currency: "USD", amountUsdMicros, amountBrlCentavos: amountUsdMicros / 2_000n,
    brlPerUsdMicros: 5_000_000n, rateAt: now, parts: [{ kind: "dollars", amountUsdMicros }], choice: { isDollarsOnly: false, offStoreIds: [] }, rewardUnits: 1n, expiresAt: new Date(now.getTime() + 60_000),
  });
  return (await confirmPayment(actor, { key, quote })).transactionId;
}

describe("at the confirmation", () => {
  test("per payment US$ 10,000, to the micro-dollar", async () => {
    const actor = await payer();
    await stepUp(actor);
    await pay(actor, 10_000);
    await expect(pay(actor, 10_000.000001)).rejects.toMatchObject({ code: "limit_payment", details: { limitUsdMicros: LIMITS.paymentUsdMicros.toString() } });
  });

  test("per day US$ 50,000; what failed does not count, what is older than a day neither", async () => {
    const actor = await payer();
    await stepUp(actor);
    for (let times = 0; times < 5; times += 1) await pay(actor, 10_000);
    await expect(pay(actor, 0.01)).rejects.toMatchObject({ code: "limit_day", details: { availableUsdMicros: "0", limitUsdMicros: "50000000000", reason: "day" } });
    const [first, second] = await sql<{ id: string }[]>`SELECT id FROM transactions WHERE from_user_id = ${actor.userId} ORDER BY id`;
    await sql`UPDATE transactions SET status = 'failed' WHERE id = ${first!.id}`;
    await sql`UPDATE transactions SET created_at = created_at - interval '25 hours' WHERE id = ${second!.id}`;
    expect((await limitsOf(actor)).leftUsdMicros).toBe(usd(20_000));
    await pay(actor, 10_000);
    await pay(actor, 10_000);
    await expect(pay(actor, 1)).rejects.toMatchObject({ code: "limit_day" });
  });

  test("US$ 500 a day in the first seven days, over both chains at once, and said so", async () => {
    const actor = await payer({ days: 6 });
    const results = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => pay(actor, 100, { chainId: index % 2 === 0 ? "84532" : "11155420" })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    await expect(pay(actor, 1)).rejects.toMatchObject({ code: "limit_day", details: { availableUsdMicros: "0", limitUsdMicros: "500000000", reason: "new_account_day" } });
    await sql`UPDATE users SET created_at = now() - interval '7 days 1 minute' WHERE id = ${actor.userId}`;
    await pay(actor, 100);
  });

  test("US$ 50 a day on a new device; a second new device has no other 50, the known one pays on", async () => {
    const actor = await payer();
    const [one, two] = [{ ...actor, sessionId: await makeLiveSession(actor.userId) }, { ...actor, sessionId: await makeLiveSession(actor.userId) }];
    await limitDevice(one.sessionId);
    await limitDevice(two.sessionId);
    await pay(actor, 120);
    await pay(one, 30);
    await expect(pay(two, 20.01)).rejects.toMatchObject({ code: "limit_new_device", details: { availableUsdMicros: usd(20).toString() } });
    await pay(two, 20);
    await expect(pay(one, 0.01)).rejects.toMatchObject({ code: "limit_new_device", details: { availableUsdMicros: "0" } });
    await pay(actor, 120);
    expect(await limitsOf(one)).toMatchObject({ leftUsdMicros: 0n, day: [{ rule: "new_device", spentUsdMicros: usd(50) }, { rule: "day", spentUsdMicros: usd(290) }] });
    expect((await limitsOf(actor)).day).toMatchObject([{ rule: "day" }]);
  });

  test("the new device's day ends when a signature or 24 hours lift it", async () => {
    const actor = await payer({ isNewDevice: true });
    await expect(pay(actor, 51)).rejects.toMatchObject({ code: "limit_new_device" });
    await sql`UPDATE sessions SET limited_until = now() - interval '1 second' WHERE id = ${actor.sessionId}`;
    await pay(actor, 51);
  });

  test("from US$ 500 on a signature of the last five minutes in this very session, and nothing is written before", async () => {
    const actor = await payer();
    await pay(actor, 499.99);
    const rows = await paymentRowsOf(actor.userId);
    await expect(pay(actor, 500)).rejects.toMatchObject({ code: "step_up_required", details: { purpose: "large_payment" } });
    expect(await paymentRowsOf(actor.userId)).toEqual(rows);
    const other = { ...actor, sessionId: await makeLiveSession(actor.userId) };
    await stepUp(other);
    await expect(pay(actor, 500)).rejects.toMatchObject({ code: "step_up_required" });
    await stepUp(actor);
    const key = randomUUID();
    const paid = await pay(actor, 500, { key });
    await sql`UPDATE sessions SET stepped_up_at = now() - interval '5 minutes 1 second' WHERE id = ${actor.sessionId}`;
    await expect(pay(actor, 500)).rejects.toMatchObject({ code: "step_up_required" });
    expect(await pay(actor, 500, { key })).toBe(paid);
  });

  test("a waited-for right stands for one large payment, also when ten race", async () => {
    const actor = await payer();
    const wait = newId();
    await sql`INSERT INTO step_up_waits (id, user_id, session_id, purpose, ready_at, expires_at) VALUES (${wait}, ${actor.userId}, ${actor.sessionId}, 'large_payment', now() + interval '1 hour', now() + interval '25 hours')`;
    await expect(pay(actor, 600)).rejects.toMatchObject({ code: "step_up_waiting", details: { seconds: 3_600 } });
    await sql`UPDATE step_up_waits SET ready_at = now() WHERE id = ${wait}`;
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => pay(actor, 600)));
    const paid = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(paid).toHaveLength(1);
    await assertPayableAtSigning(paid[0]!, usd(600));
    expect(await sql`SELECT count(*)::int AS n FROM audit_logs WHERE user_id = ${actor.userId} AND action = 'step_up.used'`).toEqual([{ n: 1 }]);
    await sql`UPDATE step_up_waits SET used_at = used_at - interval '1 minute' WHERE id = ${wait}`;
    await expect(assertPayableAtSigning(paid[0]!, usd(600))).rejects.toMatchObject({ code: "step_up_required" });
  });

  test("frozen, signed out, expired and foreign sessions pay nothing", async () => {
    const actor = await payer();
    const stranger = await payer();
    await expect(pay({ ...actor, sessionId: stranger.sessionId }, 1)).rejects.toMatchObject({ code: "signed_out" });
    await expect(pay({ ...actor, sessionId: newId() }, 1)).rejects.toMatchObject({ code: "signed_out" });
    await sql`UPDATE users SET frozen_at = now() WHERE id = ${actor.userId}`;
    await expect(pay(actor, 1)).rejects.toMatchObject({ code: "account_frozen" });
    await expect(quotePayment(actor, { shortCode: store.shortCode, currency: "USD", amountText: "1,00" })).rejects.toMatchObject({ code: "account_frozen" });
    await sql`UPDATE users SET frozen_at = NULL WHERE id = ${actor.userId}`;
    await sql`UPDATE sessions SET revoked_at = now() WHERE id = ${actor.sessionId}`;
    await expect(pay(actor, 1)).rejects.toMatchObject({ code: "signed_out" });
    await sql`UPDATE sessions SET revoked_at = NULL, expires_at = now() WHERE id = ${actor.sessionId}`;
    await expect(pay(actor, 1)).rejects.toMatchObject({ code: "signed_out" });
    expect(await paymentRowsOf(actor.userId)).toEqual(NOTHING);
  });

  test("payments of the person's own wallets are none of these limits' business", async () => {
    const actor = await payer({ days: 1 });
    await pay(actor, 400);
    await sql`UPDATE transactions SET origin = 'guest' WHERE from_user_id = ${actor.userId}`;
    await pay(actor, 400);
  });
});

test("the quote says it before the review does", async () => {
  const actor = await payer({ days: 1, isNewDevice: true });
  const ask = (amountText: string) => quotePayment(actor, { shortCode: store.shortCode, currency: "USD", amountText });
  await ask("50,00");
  await expect(ask("50,01")).rejects.toMatchObject({ code: "limit_new_device", details: { availableUsdMicros: usd(50).toString() } });
});

describe("at the signature", () => {
  test("of two confirmed payments that pass a limit together only the later is refused", async () => {
    const actor = await payer({ days: 1 });
    const first = await pay(actor, 300);
    // Whoever broke into the web process writes what he likes beside pay_reserve.
    const forged = newId();
    await sql`INSERT INTO transactions (id, from_user_id, store_id, type, amount_usd, chain_id, session_id) VALUES (${forged}, ${actor.userId}, ${store.storeId}, 'payment', 201, '84532', ${actor.sessionId})`;
    await assertPayableAtSigning(first, usd(300));
    await expect(assertPayableAtSigning(forged, usd(201))).rejects.toMatchObject({ code: "limit_day", details: { availableUsdMicros: usd(200).toString() } });
  });

  test("a freeze, a new device, a large payment without its signature", async () => {
    const actor = await payer();
    const id = await pay(actor, 60);
    await limitDevice(actor.sessionId);
    await expect(assertPayableAtSigning(id, usd(60))).rejects.toMatchObject({ code: "limit_new_device" });
    await sql`UPDATE sessions SET limited_until = NULL WHERE id = ${actor.sessionId}`;
    await sql`UPDATE transactions SET amount_usd = 5000 WHERE id = ${id}`;
    await expect(assertPayableAtSigning(id, usd(5_000))).rejects.toMatchObject({ code: "step_up_required" });
    await stepUp(actor);
    await assertPayableAtSigning(id, usd(5_000));
    await sql`UPDATE users SET frozen_at = now() WHERE id = ${actor.userId}`;
    await expect(assertPayableAtSigning(id, usd(5_000))).rejects.toMatchObject({ code: "account_frozen" });
    await expect(assertPayableAtSigning(newId(), usd(1))).rejects.toMatchObject({ code: "not_found" });
  });
});

test("whatever was spent: the least rule is first, nothing is negative, and what is left passes where one more micro-dollar does not", () => {
  const amounts = fc.bigInt({ min: 0n, max: 60_000_000_000n });
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), amounts, amounts, (isNewAccount, isNewDevice, spentUsdMicros, spentOnNewDevicesUsdMicros) => {
      const standing = { isNewAccount, isNewDevice, spentUsdMicros, spentOnNewDevicesUsdMicros };
      const rules = dayRulesOf(standing);
      const least = rules[0]!.leftUsdMicros;
      expect(rules.every(({ leftUsdMicros }) => leftUsdMicros >= least && least >= 0n)).toBe(true);
      expect(() => assertWithinDay(least, standing)).not.toThrow();
      expect(() => assertWithinDay(least + 1n, standing)).toThrow(/^limit_/);
      expect(nearnessOf(least + 1n, least)).toBe("over");
      if (least > 0n) expect(nearnessOf(least, least)).toBe("near");
    }),
  );
  expect([nearnessOf(79n, 100n), nearnessOf(80n, 100n), nearnessOf(101n, 100n)]).toEqual(["far", "near", "over"]);
});
