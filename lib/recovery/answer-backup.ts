import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { backupRequests, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor, Visitor } from "@/lib/auth/actor";
import { maskPhone } from "@/lib/auth/phone";
import { DomainError } from "@/lib/errors";
import { notify } from "@/lib/notifications/notify";
import { warnPerson } from "@/lib/notifications/warn-person";
import { hashBackupToken } from "./ask-backup";
import { plainFirstName } from "./rules";
import { textPerson } from "./tell";

/**
 * Says yes, signed in with the very phone that was asked: from now on this person is the other one's backup. Both are told.
 * Fails with: not_found (no such request, another phone's, answered before, or too old), backup_invalid (the own account).
 */
export async function acceptBackup(actor: Actor, token: string): Promise<void> {
  await db.transaction(async (tx) => {
    const request = await openRequest(tx, token);
    if (request.phone !== actor.phone) throw new DomainError("not_found");
    if (request.userId === actor.userId) throw new DomainError("backup_invalid");
    await tx.update(backupRequests).set({ status: "accepted", answeredAt: sql`now()`, acceptedBy: actor.userId }).where(eq(backupRequests.id, request.id));
    const [owner] = await tx.update(users).set({ backupOwnerPhone: request.phone }).where(eq(users.id, request.userId)).returning({ name: users.name });
    const masked = maskPhone(request.phone);
    await recordAudit(tx, { action: "backup.accepted", userId: actor.userId, resourceType: "user", resourceId: request.userId, ip: actor.ip, userAgent: actor.userAgent, newValues: { phone: masked } });
    await warnPerson(tx, { userId: request.userId, kind: "backup_named", data: { phone: masked } });
    await textPerson(tx, actor.userId, (words) => words.accepted({ name: plainFirstName(owner?.name ?? null) }));
  });
}

/** Says no. The link proves that the phone was reached; an account is not needed for a no. Fails with: not_found. */
export async function declineBackup(visitor: Pick<Visitor, "ip" | "userAgent">, token: string): Promise<void> {
  await db.transaction(async (tx) => {
    const request = await openRequest(tx, token);
    await tx.update(backupRequests).set({ status: "declined", answeredAt: sql`now()` }).where(eq(backupRequests.id, request.id));
    await recordAudit(tx, { action: "backup.declined", resourceType: "user", resourceId: request.userId, ip: visitor.ip, userAgent: visitor.userAgent });
    await notify(tx, { userId: request.userId, kind: "backup_removed" });
  });
}

async function openRequest(tx: Tx, token: string) {
  const [request] = await tx
    .select({ id: backupRequests.id, userId: backupRequests.userId, phone: backupRequests.phone })
    .from(backupRequests)
    .where(and(eq(backupRequests.tokenHash, hashBackupToken(token)), eq(backupRequests.status, "asked"), sql`${backupRequests.expiresAt} > now()`))
    .for("update");
  if (!request) throw new DomainError("not_found");
  return request;
}
