import "server-only";
import { sql } from "@/db/client";

/** Lines looked at in one transaction, and transactions in one run of the job: a long history is rolled up over several runs, and nobody waits for it. */
const LINES_A_TURN = 4_000;
const TURNS_A_RUN = 100;

/**
 * Rolls up the hours whose rows changed and takes their lines away, in one transaction a turn. Whatever commits in between leaves a line of its own,
 * so a second worker, a repeat and a crash do no harm: an hour is always written anew from its rows. Returns how many hours it wrote.
 */
export async function rollUpStats({ turns = TURNS_A_RUN }: { turns?: number } = {}): Promise<number> {
  let hours = 0;
  for (let turn = 0; turn < turns; turn++) {
    const taken = await rollUpOnce();
    hours += taken.hours;
    if (taken.lines < LINES_A_TURN) break;
  }
  return hours;
}

const rollUpOnce = (): Promise<{ lines: number; hours: number }> =>
  sql.begin(async (tx) => {
    // Two at once would both write the same hour.
    await tx`SELECT pg_advisory_xact_lock(hashtextextended('store_hourly_stats', 0))`;
    const changed = await tx<{ storeId: string; hour: string; lines: number }[]>`
      SELECT c.store_id AS "storeId", to_char(c.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS hour, count(*)::int AS lines
      FROM (SELECT store_id, hour FROM store_stats_changes ORDER BY id LIMIT ${LINES_A_TURN}) c GROUP BY c.store_id, c.hour`;
    if (changed.length === 0) return { lines: 0, hours: 0 };
    const hours = tx`unnest(${changed.map(({ storeId }) => storeId)}::uuid[], ${changed.map(({ hour }) => hour)}::text[]::timestamptz[]) AS h (store_id, hour)`;
    const stretches = tx`(SELECT array_agg(h.store_id) AS stores, array_agg(h.hour) AS froms, array_agg(h.hour + INTERVAL '1 hour') AS tos FROM ${hours}) AS h`;
    const customers = await tx<{ storeId: string; userId: string }[]>`
      WITH gone AS (DELETE FROM store_stats_changes c USING ${hours} WHERE c.store_id = h.store_id AND c.hour = h.hour RETURNING c.store_id, c.customer_id)
      SELECT DISTINCT gone.store_id AS "storeId", gone.customer_id AS "userId" FROM gone WHERE gone.customer_id IS NOT NULL`;
    await tx`DELETE FROM store_hourly_stats s USING ${hours} WHERE s.store_id = h.store_id AND s.hour = h.hour`;
    await tx`
      INSERT INTO store_hourly_stats (
        store_id, hour, seller_id, till_id, sale_count, guest_count, pix_count, refund_count, gross_usd, gross_brl_centavos, tip_usd, tip_brl_centavos,
        refund_usd, refund_brl_centavos, reward_usd, reward_brl_centavos, guest_brl_centavos, pix_brl_centavos,
        own_reward_brl_centavos, other_reward_brl_centavos)
      SELECT f.* FROM ${stretches} CROSS JOIN LATERAL public.store_sales(h.stores, h.froms, h.tos, 'UTC') f`;
    await tx`DELETE FROM store_hourly_items s USING ${hours} WHERE s.store_id = h.store_id AND s.hour = h.hour`;
    await tx`
      INSERT INTO store_hourly_items (store_id, hour, item_id, name, quantity, gross_brl_centavos)
      SELECT f.* FROM ${stretches} CROSS JOIN LATERAL public.store_items_sold(h.stores, h.froms, h.tos, 'UTC') f`;
    if (customers.length > 0) {
      const people = tx`unnest(${customers.map(({ storeId }) => storeId)}::uuid[], ${customers.map(({ userId }) => userId)}::uuid[]) AS p (store_id, user_id)`;
      await tx`DELETE FROM store_customers c USING ${people} WHERE c.store_id = p.store_id AND c.user_id = p.user_id`;
      await tx`
        INSERT INTO store_customers (store_id, user_id, first_paid_at)
        SELECT p.store_id, p.user_id, min(t.confirmed_at) FROM ${people}
        JOIN transactions t ON t.from_user_id = p.user_id AND t.store_id = p.store_id AND t.type = 'payment' AND t.status = 'confirmed'
        GROUP BY 1, 2`;
    }
    return { lines: changed.reduce((sum, { lines }) => sum + lines, 0), hours: changed.length };
  });
