import "server-only";
import { sql } from "@/db/client";
import { LIVE_CHANNEL } from "@/lib/live/rules";
import { log } from "@/lib/log";
import type { Touched } from "./facts";

/**
 * Tells the web processes whose screens have news, after the commit that made them: `{"userId": …}` or `{"storeId": …}`.
 * One statement for all. A hint only: who misses it reads the same rows on its own clock.
 */
export async function notifyLive({ userIds, storeIds }: Touched) {
  const payloads = [...[...storeIds].map((storeId) => JSON.stringify({ storeId })), ...[...userIds].map((userId) => JSON.stringify({ userId }))];
  if (payloads.length === 0) return;
  try {
    await sql`SELECT pg_notify(${LIVE_CHANNEL}, payload) FROM unnest(${payloads}::text[]) AS payload`;
  } catch (error) {
    log().warn({ error }, "live hint not sent");
  }
}
