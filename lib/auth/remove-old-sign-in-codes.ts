import "server-only";
import { lt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { signInCodes } from "@/db/schema";

/** Removes codes that nobody can use or wait for any more. The worker runs it daily. */
export async function removeOldSignInCodes() {
  await db.delete(signInCodes).where(lt(signInCodes.createdAt, sql`now() - interval '2 days'`));
}
