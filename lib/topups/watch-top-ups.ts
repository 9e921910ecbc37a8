import "server-only";
import { sql } from "@/db/client";
import { AveniaError } from "@/lib/avenia/errors";
import { topUpChain } from "./offered";
import { linkTopUp } from "./link-top-up";
import { openTicket } from "./open-ticket";
import { quoteTopUp } from "./quote-top-up";
import { ASKED_OF_PROVIDER } from "./rules";
import { syncTopUp } from "./sync-top-up";

/** Looked after in one run; the rest waits a minute, the longest waiting first. */
const ROWS_MAX = 200;
/** A code that nobody paid is asked about for this long: banks settle late, not days later. */
const EXPIRED_HOURS = 24;
/** Done ones are held against the journal while a reorg could still take their block. */
const DONE_HOURS = 2;
const PRICES_KEPT_HOURS = 24;

/** Each minute: asks the provider about every code that is not over, so that a lost webhook costs a minute and no money. */
export async function watchTopUps(): Promise<void> {
  if (!topUpChain()) return;
  const rows = await sql<{ id: string; status: string; has_hash: boolean }[]>`
    SELECT id, status, tx_hash IS NOT NULL AS has_hash FROM top_ups
    WHERE status IN ('opening', 'waiting', 'held', 'paid') OR (status = 'quoting' AND updated_at < now() - INTERVAL '1 minute' AND created_at > now() - INTERVAL '1 hour')
       OR (status = 'expired' AND expires_at > now() - make_interval(hours => ${EXPIRED_HOURS}))
       OR (status = 'done' AND done_at > now() - make_interval(hours => ${DONE_HOURS}))
    ORDER BY checked_at NULLS FIRST LIMIT ${ROWS_MAX}`;
  for (const row of rows) {
    await sql`UPDATE top_ups SET checked_at = now() WHERE id = ${row.id}`;
    try {
      if (row.status === "quoting") await quoteTopUp(row.id);
      else if (row.status === "opening") await openTicket(row.id);
      else if (ASKED_OF_PROVIDER.some((status) => status === row.status)) await syncTopUp(row.id);
      if (row.has_hash) await linkTopUp(row.id);
    } catch (error) {
      // What we did wrong ourselves is ours to hear of. A provider that is away is asked again in a minute, beginning with the others.
      if (!(error instanceof AveniaError)) throw error;
      if (error.failure !== "refused") return;
    }
  }
}

/** Deletes prices that nobody said yes to, and what was told long ago. */
export async function removeOldTopUps(): Promise<void> {
  await sql`DELETE FROM top_ups WHERE (status IN ('quoting', 'quoted') OR (status = 'refused' AND ticket_id IS NULL)) AND confirmed_at IS NULL AND updated_at < now() - make_interval(hours => ${PRICES_KEPT_HOURS})`;
  await sql`DELETE FROM webhook_inbox WHERE processed_at < now() - INTERVAL '30 days'`;
}
