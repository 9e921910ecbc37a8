import "server-only";
import { and, eq, inArray, isNull } from "drizzle-orm";
import { db } from "@/db/client";
import { backupRequests, recoveryClaims, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { warnPerson } from "@/lib/notifications/warn-person";
import { absencesSince } from "./absences";
import { CLAIM_AFTER_DAYS, CLAIM_WAIT_DAYS, daysAfter, daysBefore } from "./rules";
import { textOtherManagers } from "./tell";

/**
 * The backup asks for the stores of an absent person, those alone whose every owner and admin has been away for 90 days and was
 * warned. They move after seven days in which nobody came back.
 * Fails with: not_found, account_frozen, claim_not_open (nothing may be claimed now).
 */
export async function claimStores(actor: Actor, requestId: string, now = new Date()): Promise<void> {
  if (!isId(requestId)) throw new DomainError("not_found");
  await db.transaction(async (tx) => {
    const [request] = await tx
      .select({ ownerId: backupRequests.userId, frozenAt: users.frozenAt })
      .from(backupRequests)
      .innerJoin(users, eq(users.id, backupRequests.acceptedBy))
      .where(and(eq(backupRequests.id, requestId), eq(backupRequests.status, "accepted"), eq(backupRequests.acceptedBy, actor.userId)))
      .for("update", { of: backupRequests });
    if (!request) throw new DomainError("not_found");
    if (request.frozenAt) throw new DomainError("account_frozen");
    const absences = await absencesSince(tx, daysBefore(now, CLAIM_AFTER_DAYS), request.ownerId);
    const claimable = absences.filter(({ claimId, warned, claimedAt }) => claimId && warned.includes(CLAIM_AFTER_DAYS) && !claimedAt).flatMap(({ claimId }) => (claimId ? [claimId] : []));
    const claimableAt = daysAfter(now, CLAIM_WAIT_DAYS);
    const claimed =
      claimable.length === 0
        ? []
        : await tx
            .update(recoveryClaims)
            .set({ backupUserId: actor.userId, claimedAt: now, claimableAt })
            .where(and(inArray(recoveryClaims.id, claimable), isNull(recoveryClaims.claimedAt), isNull(recoveryClaims.cancelledAt), isNull(recoveryClaims.completedAt)))
            .returning({ id: recoveryClaims.id, storeId: recoveryClaims.storeId });
    if (claimed.length === 0) throw new DomainError("claim_not_open");
    for (const { id, storeId } of claimed)
      await recordAudit(tx, { action: "recovery.claimed", userId: actor.userId, resourceType: "recovery_claim", resourceId: id, ip: actor.ip, userAgent: actor.userAgent, newValues: { storeId, ownerId: request.ownerId, claimableAt: claimableAt.toISOString() } });
    await warnPerson(tx, { userId: request.ownerId, kind: "recovery_claimed" });
    await textOtherManagers(tx, { storeIds: claimed.map(({ storeId }) => storeId), exceptUserId: request.ownerId }, (words) => words.storeClaimed);
    await enqueue(tx, "recovery.complete", { requestId }, { key: `recovery.complete:${requestId}:${claimableAt.getTime()}`, runAt: claimableAt });
  });
}
