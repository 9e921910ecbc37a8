import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";

const LOOK_MS = 25;

test("a new month's part and a sign-up do not block each other", async () => {
  const userId = newId();
  let making: Promise<unknown> = Promise.resolve();
  await sql.begin(async (tx) => {
    await tx`INSERT INTO users (id, phone) VALUES (${userId}, '+5548999997777')`;
    // The part refers to users, so it waits for this transaction, which is about to write an event.
    making = sql`SELECT public.create_analytics_partition('2041-03-01')`.execute();
    await expect
      .poll(async () => (await sql`SELECT count(*)::int AS waiting FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()`)[0]?.["waiting"], { interval: LOOK_MS })
      .toBeGreaterThan(0);
    await tx`INSERT INTO analytics_events (id, event_name, user_id) VALUES (${newId()}, 'signed_up', ${userId})`;
  });
  await making;
  expect(await sql`SELECT to_regclass('public.analytics_events_2041_03') IS NOT NULL AS made`).toEqual([{ made: true }]);
});
