import "server-only";
import { and, eq, inArray, or, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { backupRequests, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { notify } from "@/lib/notifications/notify";
import { warnPerson } from "@/lib/notifications/warn-person";
import { cancelClaimsFor } from "./cancel-claims";
import { plainFirstName } from "./rules";
import { textPerson } from "./tell";

/** The person takes the backup back, or the request for one. Needs no second factor: it can only be named again with one. Fails with: not_found. */
export async function removeBackup(actor: Actor): Promise<void> {
  await db.transaction(async (tx) => {
    const [request] = await tx
      .update(backupRequests)
      .set({ status: "withdrawn", answeredAt: sql`now()` })
      .where(and(eq(backupRequests.userId, actor.userId), inArray(backupRequests.status, ["asked", "accepted"])))
      .returning({ id: backupRequests.id, acceptedBy: backupRequests.acceptedBy });
    if (!request) throw new DomainError("not_found");
    await forgetBackup(tx, actor.userId);
    await audit(tx, actor, actor.userId);
    if (!request.acceptedBy) return;
    await warnPerson(tx, { userId: actor.userId, kind: "backup_removed", sessionId: actor.sessionId });
    await textPerson(tx, request.acceptedBy, (words) => words.removed({ name: plainFirstName(actor.name) }));
  });
}

/** The backup no longer wants to be one. Fails with: not_found. */
export async function withdrawAsBackup(actor: Actor, requestId: string): Promise<void> {
  if (!isId(requestId)) throw new DomainError("not_found");
  await db.transaction(async (tx) => {
    const [request] = await tx
      .update(backupRequests)
      .set({ status: "withdrawn", answeredAt: sql`now()` })
      .where(and(eq(backupRequests.id, requestId), eq(backupRequests.acceptedBy, actor.userId), eq(backupRequests.status, "accepted")))
      .returning({ userId: backupRequests.userId });
    if (!request) throw new DomainError("not_found");
    await forgetBackup(tx, request.userId);
    await audit(tx, actor, request.userId);
    await warnPerson(tx, { userId: request.userId, kind: "backup_removed" });
  });
}

/** Part of deleting an account: nobody is this person's backup any more, this person is nobody's, and no request keeps the number. */
export async function forgetBackups(tx: Tx, { userId, phone }: { userId: string; phone: string }): Promise<void> {
  const gone = await tx
    .delete(backupRequests)
    .where(or(eq(backupRequests.userId, userId), eq(backupRequests.acceptedBy, userId), eq(backupRequests.phone, phone)))
    .returning({ userId: backupRequests.userId, status: backupRequests.status, acceptedBy: backupRequests.acceptedBy });
  for (const request of gone) {
    if (request.status !== "accepted") continue;
    await forgetBackup(tx, request.userId);
    if (request.userId !== userId) await notify(tx, { userId: request.userId, kind: "backup_removed" });
  }
}

/** The open absences end with the backup: without one nobody may claim. */
async function forgetBackup(tx: Tx, ownerId: string) {
  await tx.update(users).set({ backupOwnerPhone: null }).where(eq(users.id, ownerId));
  await cancelClaimsFor(tx, ownerId);
}

const audit = (tx: Tx, actor: Actor, ownerId: string) =>
  recordAudit(tx, { action: "backup.removed", userId: actor.userId, resourceType: "user", resourceId: ownerId, ip: actor.ip, userAgent: actor.userAgent });
