import "server-only";
import { sql } from "@/db/client";

/** Months of analytics parts that exist ahead of time. */
const MONTHS_AHEAD = 3;

/** Makes the coming months' parts of analytics_events, so that the default part stays empty. */
export async function makePartitions(): Promise<void> {
  await sql`SELECT public.create_analytics_partition((date_trunc('month', now()) + make_interval(months => ahead))::date) FROM generate_series(0, ${MONTHS_AHEAD}::integer) AS ahead`;
}

/** Renews store_daily_stats without locking its readers. */
export async function refreshDailyStats(): Promise<void> {
  await sql`SELECT public.refresh_store_daily_stats()`;
}
