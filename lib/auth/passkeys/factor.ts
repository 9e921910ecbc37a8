import "server-only";
import { sql } from "drizzle-orm";
import type { Tx, db } from "@/db/client";
import { NEW_DEVICE_HOURS } from "../rules";

/**
 * Seconds until a passkey counts as the second factor; 0 when it does. The first one of an account needs no confirmation to be added, so it
 * signs in at once but confirms nothing for a day, with notice: whoever holds an unlocked phone or a stolen number could have added it. One
 * that was added beside an older passkey or wallet was confirmed with that, and in an account of the same day there is nobody to rob.
 */
export async function secondsUntilPasskeyCounts(runner: Tx | typeof db, passkeyId: string): Promise<number> {
  const [row] = await runner.execute<{ seconds: number }>(sql`
    SELECT CASE
      WHEN p.created_at < u.created_at + make_interval(hours => ${NEW_DEVICE_HOURS})
        OR EXISTS (SELECT FROM passkeys older WHERE older.user_id = p.user_id AND older.created_at < p.created_at)
        OR EXISTS (SELECT FROM wallets older WHERE older.user_id = p.user_id AND older.created_at < p.created_at) THEN 0
      ELSE greatest(0, ceil(extract(epoch FROM p.created_at + make_interval(hours => ${NEW_DEVICE_HOURS}) - now())))::int END AS seconds
    FROM passkeys p JOIN users u ON u.id = p.user_id WHERE p.id = ${passkeyId}`);
  return row?.seconds ?? 0;
}
