import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { balanceOf, holdingsOf } from "@/lib/balances/queries";
import { USDC } from "@/lib/chain/addresses";
import { newId } from "@/lib/ids";
import { limitsOf } from "@/lib/limits/queries";
import { decimalFromUsdMicros } from "@/lib/money";
import { makePerson, makeRate, makeSession } from "@/lib/test/factories";
import { reserveMove, type Move } from "./reserve-move";

beforeAll(makeRate);

const dollars = (amountUsdMicros: bigint, rest: Partial<Move> = {}): Move => ({
  key: randomUUID(), fingerprint: "a".repeat(64), chainId: "84532", kind: "transfer", type: "received", purpose: "send", fromUserId: null, toUserId: null, amountUsdMicros,
  parts: [{ token_address: USDC["84532"], amount: amountUsdMicros.toString(), amount_usd: decimalFromUsdMicros(amountUsdMicros), store_id: null }], isSpending: true, ...rest,
});
const availableOf = async (userId: string) => balanceOf(await holdingsOf(userId)).dollarsUsdMicros;

async function twoPeople(dollarsUsdMicros = 100_000_000n) {
  const [{ actor }, other] = [await makePerson({ dollarsUsdMicros }), await makePerson({ name: "Ana" })];
  return { actor, send: { fromUserId: actor.userId, toUserId: other.actor.userId } };
}

describe("reserveMove", () => {
  test("reserves and leaves one row of each kind", async () => {
    const { actor, send } = await twoPeople();
    const { transactionId, isNew } = await reserveMove(actor, dollars(7_000_000n, send));
    expect(isNew).toBe(true);
    const [row] = await sql`
      SELECT t.status, t.type, t.purpose, o.status AS operation, o.kind, (SELECT count(*)::int FROM audit_logs WHERE resource_id = t.id) AS audits,
             (SELECT count(*)::int FROM analytics_events e WHERE e.id = t.id AND e.event_name = 'send_requested') AS events
      FROM transactions t JOIN user_operations o ON o.id = t.id WHERE t.id = ${transactionId}`;
    expect(row).toMatchObject({ status: "pending", type: "received", purpose: "send", operation: "queued", kind: "transfer", audits: 1, events: 1 });
    expect(await availableOf(actor.userId)).toBe(93_000_000n);
  });

  test("one key is one move however many race, and other contents are refused", async () => {
    const { actor, send } = await twoPeople();
    const move = dollars(7_000_000n, send);
    const answers = await Promise.all(Array.from({ length: 50 }, () => reserveMove(actor, move)));
    expect(new Set(answers.map(({ transactionId }) => transactionId)).size).toBe(1);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    await expect(reserveMove(actor, { ...move, fingerprint: "b".repeat(64) })).rejects.toMatchObject({ code: "idempotency_mismatch" });
  });

  test("moves and payments of one person never promise the same dollar twice", async () => {
    const { actor, send } = await twoPeople(10_000_000n);
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => reserveMove(actor, dollars(1_000_000n, send))));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    expect(await availableOf(actor.userId)).toBe(0n);
  });

  test("a held move is reserved and no lane takes it", async () => {
    const { actor, send } = await twoPeople();
    const { transactionId } = await reserveMove(actor, dollars(5_000_000n, { ...send, toUserId: null, isHeld: true }));
    const [row] = await sql`SELECT status FROM user_operations WHERE id = ${transactionId}`;
    expect(row).toEqual({ status: "held" });
    expect(await availableOf(actor.userId)).toBe(95_000_000n);
  });

  test("what leaves counts as spending, what stays the person's own does not", async () => {
    const { actor, send } = await twoPeople(2_000_000_000n);
    await reserveMove(actor, dollars(400_000_000n, { type: "consolidation", purpose: "dollars", kind: "dollars_burn", fromUserId: actor.userId, toUserId: actor.userId, isSpending: false }));
    expect((await limitsOf(actor)).leftUsdMicros).toBe(500_000_000n);
    await reserveMove(actor, dollars(400_000_000n, send));
    expect((await limitsOf(actor)).leftUsdMicros).toBe(100_000_000n);
    await expect(reserveMove(actor, dollars(100_000_001n, send))).rejects.toMatchObject({ code: "limit_day" });
  });

  test("nothing leaves as a person's own move without its limits, and nothing pays a store here", async () => {
    const { actor, send } = await twoPeople();
    await expect(reserveMove(actor, dollars(1_000_000n, { ...send, isSpending: false }))).rejects.toThrow("does not make such rows");
    await expect(reserveMove(actor, dollars(1_000_000n, { ...send, kind: "payment" as never }))).rejects.toThrow("does not make such rows");
  });

  test("a dead, foreign or held-back session and a frozen account move nothing", async () => {
    const { actor, send } = await twoPeople();
    await expect(reserveMove({ ...actor, sessionId: newId() }, dollars(1_000_000n, send))).rejects.toMatchObject({ code: "signed_out" });
    const held = await makeSession(actor, { limitedHours: 24 });
    await expect(reserveMove(held, dollars(50_010_000n, send))).rejects.toMatchObject({ code: "limit_new_device" });
    await sql`UPDATE users SET frozen_at = now() WHERE id = ${actor.userId}`;
    await expect(reserveMove(actor, dollars(1_000_000n, { ...send, type: "bonus_claim", purpose: "repayment", kind: "loan_repayment", isSpending: false }))).rejects.toMatchObject({ code: "account_frozen" });
    expect(await availableOf(actor.userId)).toBe(100_000_000n);
  });
});
