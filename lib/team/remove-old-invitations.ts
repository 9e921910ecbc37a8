import "server-only";
import { and, lt, or, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { storeInvitations } from "@/db/schema";
import { isUnanswered } from "./invite-member";

/** A number that never answered is forgotten a month after its invitation expired, and every invitation that led to nothing after half a year. */
export async function removeOldInvitations(): Promise<void> {
  await db.delete(storeInvitations).where(or(and(isUnanswered, lt(storeInvitations.expiresAt, sql`now() - interval '30 days'`)), and(sql`${storeInvitations.acceptedAt} IS NULL`, lt(storeInvitations.expiresAt, sql`now() - interval '180 days'`))));
}
