import "server-only";
import { sql } from "@/db/client";
import { advancePayout } from "./advance-payout";
import { RETURN_WATCH_DAYS } from "./rules";

/** Looked after in one run; the rest waits a minute, the longest waiting first. */
const ROWS_MAX = 200;
/** What is completed is asked about less and less often: a Pix that comes back does so within hours, seldom within weeks. */
const RETURNS_EVERY_MINUTES = 60;

/** Each minute: takes every payout on that is not over, and asks whether one that was paid came back, so that a lost webhook costs a minute and no money. */
export async function watchPayouts(): Promise<void> {
  const rows = await sql<{ id: string }[]>`
    SELECT id FROM payouts
    WHERE state IN ('requested', 'funding', 'funded', 'submitted', 'processing', 'on_hold')
       OR (state = 'completed' AND provider IS NOT NULL AND completed_at > now() - make_interval(days => ${RETURN_WATCH_DAYS})
           AND (checked_at IS NULL OR checked_at < now() - make_interval(mins => ${RETURNS_EVERY_MINUTES})))
    ORDER BY checked_at NULLS FIRST, id LIMIT ${ROWS_MAX}`;
  for (const { id } of rows) {
    await sql`UPDATE payouts SET checked_at = now() WHERE id = ${id}`;
    await advancePayout(id);
  }
}
