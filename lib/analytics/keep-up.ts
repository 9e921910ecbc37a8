import "server-only";
import { sql } from "@/db/client";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

/** Months of analytics parts that exist ahead of time. */
const MONTHS_AHEAD = 3;

/** Makes the coming months' parts of analytics_events, so that the default part stays empty. */
export async function makePartitions(): Promise<void> {
  await sql`SELECT public.create_analytics_partition((date_trunc('month', now()) + make_interval(months => ahead))::date) FROM generate_series(0, ${MONTHS_AHEAD}::integer) AS ahead`;
}

/** Lets go of whole months of events that are older than ANALYTICS_RETENTION_MONTHS. Answers how many went. */
export async function dropOldPartitions(): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT public.drop_analytics_partitions((date_trunc('month', now()) - make_interval(months => ${env().ANALYTICS_RETENTION_MONTHS}::integer))::date) AS count`;
  const count = row?.count ?? 0;
  if (count > 0) log().info({ count }, "months of events were dropped");
  return count;
}

/** Renews store_daily_stats without locking its readers. */
export async function refreshDailyStats(): Promise<void> {
  await sql`SELECT public.refresh_store_daily_stats()`;
}
