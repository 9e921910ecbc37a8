import "server-only";
import { and, eq, exists, inArray, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { recoveryClaims, storeMembers } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { notify } from "@/lib/notifications/notify";
import { warnPerson } from "@/lib/notifications/warn-person";

const isOpen = and(isNull(recoveryClaims.completedAt), isNull(recoveryClaims.cancelledAt));

/**
 * Somebody is back: every absence of theirs ends, and of each store that they own or administer. Call it where a session starts and
 * where a day's visit is noted. An absence without a claim ends quietly; a claim ends with word to both.
 */
export async function cancelClaimsOf(tx: Tx, userId: string): Promise<void> {
  const runsStore = exists(
    tx
      .select({ one: sql`1` })
      .from(storeMembers)
      .where(and(eq(storeMembers.storeId, recoveryClaims.storeId), eq(storeMembers.userId, userId), inArray(storeMembers.role, ["owner", "admin"]), isNotNull(storeMembers.acceptedAt))),
  );
  await cancel(tx, or(eq(recoveryClaims.userId, userId), runsStore));
}

/** The same for the absences of one owner, when there is no backup any more. */
export const cancelClaimsFor = (tx: Tx, ownerId: string): Promise<void> => cancel(tx, eq(recoveryClaims.userId, ownerId));

/** The same for one absence whose reason is gone. */
export const cancelClaim = (tx: Tx, claimId: string): Promise<void> => cancel(tx, eq(recoveryClaims.id, claimId));

async function cancel(tx: Tx, which: SQL | undefined): Promise<void> {
  const ended = await tx
    .update(recoveryClaims)
    .set({ cancelledAt: sql`now()` })
    .where(and(isOpen, which))
    .returning({ id: recoveryClaims.id, userId: recoveryClaims.userId, storeId: recoveryClaims.storeId, backupUserId: recoveryClaims.backupUserId });
  const told = new Set<string>();
  for (const { id, userId, storeId, backupUserId } of ended) {
    await recordAudit(tx, { action: "recovery.cancelled", userId, resourceType: "recovery_claim", resourceId: id, newValues: { storeId, wasClaimed: backupUserId !== null } });
    if (!backupUserId || told.has(`${userId}:${backupUserId}`)) continue;
    told.add(`${userId}:${backupUserId}`);
    await notify(tx, { userId, kind: "recovery_cancelled" });
    await warnPerson(tx, { userId: backupUserId, kind: "recovery_cancelled" });
  }
}
