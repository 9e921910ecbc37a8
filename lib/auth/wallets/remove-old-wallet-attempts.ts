import "server-only";
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { signInAttempts } from "@/db/schema";

/** Deletes attempts that ended a day ago. */
export async function removeOldWalletAttempts(): Promise<void> {
  await db.delete(signInAttempts).where(sql`${signInAttempts.expiresAt} < now() - interval '1 day'`);
}
