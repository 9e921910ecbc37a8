import "server-only";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { signingKeys, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DESTROYED_KEY } from "./keys";

/**
 * Destroys every key of ours for the account of a deleted person, who took the money out or gave it up. Operations that were signed
 * are sent again as the bytes that they are, so a reorg needs no key. Does nothing for a person who is there. Safe to repeat. Worker only.
 */
export async function discardKey(userId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [gone] = await tx.select({ id: users.id }).from(users).where(and(eq(users.id, userId), isNotNull(users.deletedAt))).for("no key update");
    if (!gone) return;
    const destroyed = await tx
      .update(signingKeys)
      .set({ encryptedPrivateKey: DESTROYED_KEY, isActive: false, revokedAt: sql`coalesce(${signingKeys.revokedAt}, now())` })
      .where(and(eq(signingKeys.userId, userId), sql`${signingKeys.encryptedPrivateKey} <> ${DESTROYED_KEY}`))
      .returning({ id: signingKeys.id, address: signingKeys.address });
    for (const { id, address } of destroyed) await recordAudit(tx, { action: "account.key_destroyed", userId, resourceType: "key", resourceId: id, newValues: { address } });
  });
}
