import assert from "node:assert/strict";
import { memoOf, nonceOf } from "./reader";
import type { World } from "./check";
import type { Person } from "./people";
import { until } from "./until";

export type PaymentRow = {
  id: string; status: string; operation: string; amountUsdMicros: string; code: string; errorCode: string | null; reserved: string;
  rewardUnits: string | null; isExpected: boolean; txHash: string | null;
  /** What is paid into the store's revnet (all but its own rewards), and what of it are the payer's dollars. */
  paidInUsdMicros: string; dollarsUsdMicros: string; reservedDollars: string;
};

/** What the database says of these payments. */
export const rowsOf = ({ db }: Pick<World, "db">, ids: readonly string[]) => db<PaymentRow[]>`
  SELECT t.id, t.status::text, o.status AS operation, (t.amount_usd * 1000000)::bigint::text AS "amountUsdMicros", t.confirmation_code AS code, t.error_code AS "errorCode", t.tx_hash AS "txHash",
         t.rewards_earned->>'amount' AS "rewardUnits", COALESCE((t.rewards_earned->>'expected')::boolean, FALSE) AS "isExpected",
         COALESCE((SELECT sum(amount) FROM balance_reservations r WHERE r.operation_id = o.id AND r.released_at IS NULL), 0)::text AS reserved,
         COALESCE((SELECT sum(r.amount) FROM balance_reservations r JOIN token_balances b ON b.id = r.token_balance_id WHERE r.operation_id = o.id AND r.released_at IS NULL AND b.store_id IS NULL), 0)::text AS "reservedDollars",
         ((t.amount_usd - COALESCE((SELECT sum((part->>'amount_usd')::numeric) FROM jsonb_array_elements(t.tokens_used) AS part WHERE part->>'store_id' = t.store_id::text), 0)) * 1000000)::bigint::text AS "paidInUsdMicros",
         (COALESCE((SELECT sum((part->>'amount_usd')::numeric) FROM jsonb_array_elements(t.tokens_used) AS part WHERE part->>'store_id' IS NULL), 0) * 1000000)::bigint::text AS "dollarsUsdMicros"
  FROM transactions t JOIN user_operations o ON o.id = t.id WHERE t.id = ANY (${[...ids]}::uuid[]) ORDER BY t.id`;

export const statusOf = async (world: Pick<World, "db">, id: string) => (await rowsOf(world, [id]))[0]?.status;
export const eventsOf = async ({ db }: Pick<World, "db">, id: string) => (await db<{ kind: string }[]>`SELECT kind FROM store_events WHERE transaction_id = ${id} ORDER BY id`).map(({ kind }) => kind);

/** Waits until none of these payments is pending; answers the milliseconds. */
export const untilSettled = ({ db }: Pick<World, "db">, ids: readonly string[], limitMs = 60_000) =>
  until(`${ids.length} payments have settled`, async () => {
    const [row] = await db<{ pending: number }[]>`SELECT count(*)::int AS pending FROM transactions WHERE id = ANY (${[...ids]}::uuid[]) AND status = 'pending'`;
    return row?.pending === 0;
  }, limitMs);

/**
 * Holds confirmed payments against the chain, one by one: one Pay event with the payment's memo of what is paid in, to the micro-dollar
 * and to the payer; one successful operation under its nonce, in the same transaction; rewards to the unit; nothing reserved any more;
 * one confirmation code each; and the till told of each once.
 */
export async function assertPaidOnce(world: World, payers: ReadonlyMap<string, Pick<Person, "account">>): Promise<void> {
  const ids = [...payers.keys()];
  const [rows, pays, operations] = await Promise.all([rowsOf(world, ids), world.reader.pays(), world.reader.operations()]);
  assert.equal(rows.length, ids.length, "every payment has its row");
  assert.equal(new Set(rows.map(({ code }) => code)).size, rows.length, "every payment has a code of its own");
  const told = await world.db<{ id: string; paid: number; codes: number }[]>`
    SELECT t.id, (SELECT count(*)::int FROM store_events e WHERE e.transaction_id = t.id AND e.kind = 'paid') AS paid FROM transactions t WHERE t.id = ANY (${ids}::uuid[])`;
  assert.deepEqual(told.filter(({ paid }) => paid !== 1), [], "the till hears of each payment once");
  for (const row of rows) {
    const account = payers.get(row.id)?.account.toLowerCase();
    assert.equal(row.status, "confirmed", `payment ${row.id} is confirmed (operation ${row.operation}, ${row.errorCode})`);
    const ours = pays.filter(({ memo }) => memo === memoOf(row.id));
    assert.equal(ours.length, 1, `one Pay event of ${row.id}`);
    const [pay] = ours;
    assert(pay);
    assert.deepEqual(
      { amount: pay.amount.toString(), payer: pay.payer, beneficiary: pay.beneficiary, reward: pay.newlyIssuedTokenCount.toString(), txHash: pay.transactionHash },
      { amount: row.paidInUsdMicros, payer: account, beneficiary: account, reward: row.rewardUnits, txHash: row.txHash },
      `the Pay event of ${row.id}`,
    );
    assert.equal(row.isExpected, false, "the reward is the event's, not the promise");
    assert.equal(row.reserved, "0", "nothing stays reserved");
    const landed = operations.filter(({ sender, nonce }) => sender === account && nonce === nonceOf(row.id));
    assert.deepEqual(landed.map(({ success, transactionHash }) => ({ success, transactionHash })), [{ success: true, transactionHash: pay.transactionHash }], `one operation of ${row.id}`);
  }
}
