import "server-only";
import { and, eq, isNull, lte, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { recoveryClaims, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { log } from "@/lib/log";
import { warnPerson } from "@/lib/notifications/warn-person";
import { transferOwnership } from "@/lib/team/transfer-ownership";
import { absencesSince } from "./absences";
import { cancelClaim } from "./cancel-claims";
import { CLAIM_AFTER_DAYS, daysBefore } from "./rules";

/**
 * Moves the stores whose seven days are over to the backup who asked. What the absence rests on is looked at once more, in the
 * transaction that moves. Safe to repeat, also at once.
 */
export async function completeClaims(now: Date): Promise<void> {
  const due = await db
    .select({ ownerId: recoveryClaims.userId, backupId: recoveryClaims.backupUserId })
    .from(recoveryClaims)
    .where(and(isNull(recoveryClaims.completedAt), isNull(recoveryClaims.cancelledAt), lte(recoveryClaims.claimableAt, now)))
    .groupBy(recoveryClaims.userId, recoveryClaims.backupUserId);
  for (const { ownerId, backupId } of due) {
    if (!backupId) continue;
    await db.transaction((tx) => completeFor(tx, { ownerId, backupId, now }));
  }
}

async function completeFor(tx: Tx, { ownerId, backupId, now }: { ownerId: string; backupId: string; now: Date }) {
  // A sign-in that comes now waits for this row, or this waits for it and sees what it wrote.
  await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for("update");
  const claims = await tx
    .select({ id: recoveryClaims.id, storeId: recoveryClaims.storeId })
    .from(recoveryClaims)
    .where(and(eq(recoveryClaims.userId, ownerId), eq(recoveryClaims.backupUserId, backupId), isNull(recoveryClaims.completedAt), isNull(recoveryClaims.cancelledAt), lte(recoveryClaims.claimableAt, now)))
    .for("update");
  const absent = new Map((await absencesSince(tx, daysBefore(now, CLAIM_AFTER_DAYS), ownerId)).map((absence) => [absence.claimId, absence] as const));
  let moved = 0;
  for (const { id, storeId } of claims) {
    const absence = absent.get(id);
    if (absence?.backupId !== backupId) {
      await cancelClaim(tx, id);
      continue;
    }
    await transferOwnership(tx, { storeId, fromUserId: ownerId, toUserId: backupId });
    await tx.update(recoveryClaims).set({ completedAt: now }).where(eq(recoveryClaims.id, id));
    await recordAudit(tx, { action: "recovery.completed", userId: backupId, resourceType: "recovery_claim", resourceId: id, newValues: { storeId, ownerId } });
    moved += 1;
  }
  if (moved === 0) return;
  await tx.update(users).set({ backupOwnerActivatedAt: sql`${now.toISOString()}::timestamptz` }).where(eq(users.id, ownerId));
  await warnPerson(tx, { userId: ownerId, kind: "recovery_done" });
  await warnPerson(tx, { userId: backupId, kind: "recovery_done" });
  log().info({ ownerId, backupId, stores: moved }, "stores moved to a backup");
}
