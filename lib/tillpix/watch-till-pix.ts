import "server-only";
import { sql } from "@/db/client";
import { AveniaError } from "@/lib/avenia/errors";
import { idAt } from "@/lib/ids";
import { topUpChain } from "@/lib/topups/offered";
import { linkTillPix } from "./link-till-pix";
import { openTillPix } from "./open-till-pix";
import { queueTillReward } from "./queue-reward";
import { PIX_ASKED_OF_PROVIDER } from "./rules";
import { syncTillPix } from "./sync-till-pix";

/** Looked after in one run; the rest waits a minute, the longest waiting first. */
const ROWS_MAX = 200;
/** A code that nobody paid is asked about for this long: banks settle late, not days later. */
const EXPIRED_HOURS = 24;
/** Sales older than this move only by what somebody does to them. */
const WATCHED_MS = 60 * 86_400_000;

/** Each minute: asks the provider about every code that is not over, links what arrived, and hands claimed rewards over. A lost webhook costs a minute and no money. */
export async function watchTillPix(): Promise<void> {
  if (!topUpChain()) return;
  const rows = await sql<{ id: string; status: string; has_hash: boolean; is_reward_due: boolean }[]>`
    SELECT * FROM (
      SELECT p.id, p.status, p.tx_hash IS NOT NULL AS has_hash, p.checked_at,
             p.claimed_by IS NOT NULL AND t.status = 'confirmed' AND COALESCE(r.status, 'failed') = 'failed' AND COALESCE((t.rewards_earned->>'amount')::numeric, 0) > 0 AS is_reward_due,
             p.status IN ('asked', 'open', 'held', 'paid') OR (p.status = 'expired' AND p.expires_at > now() - make_interval(hours => ${EXPIRED_HOURS}))
               OR (p.status = 'converting' AND t.status = 'failed') OR (p.status = 'paid_twice' AND p.arrived_usd IS NULL) AS is_open
      FROM till_pix p LEFT JOIN transactions t ON t.id = p.transaction_id LEFT JOIN transactions r ON r.id = p.reward_transaction_id
      WHERE p.id > ${idAt(Date.now() - WATCHED_MS)}
    ) AS watched
    WHERE is_open OR is_reward_due ORDER BY checked_at NULLS FIRST LIMIT ${ROWS_MAX}`;
  let isProviderAway = false;
  for (const row of rows) {
    await sql`UPDATE till_pix SET checked_at = now() WHERE id = ${row.id}`;
    try {
      if (row.is_reward_due) await queueTillReward(row.id);
      const asks = row.status === "asked" || row.status === "paid_twice" || PIX_ASKED_OF_PROVIDER.some((status) => status === row.status);
      if (asks && !isProviderAway) await (row.status === "asked" ? openTillPix(row.id) : syncTillPix(row.id));
      if (row.has_hash) await linkTillPix(row.id);
    } catch (error) {
      // What we did wrong ourselves is ours to hear of. A provider that is away is asked again in a minute; what the chain shows goes on meanwhile.
      if (!(error instanceof AveniaError)) throw error;
      if (error.failure !== "refused") isProviderAway = true;
    }
  }
}
