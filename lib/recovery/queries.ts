import "server-only";
import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { backupRequests, recoveryClaims, stores, users } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { shownPhone } from "@/lib/auth/phone";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { absencesSince } from "./absences";
import { hashBackupToken } from "./ask-backup";
import { CLAIM_AFTER_DAYS, daysBefore, type BackupRequestStatus } from "./rules";

/** What another person may know of a name. */
const firstName = sql<string | null>`nullif(split_part(btrim(${users.name}), ' ', 1), '')`;

export type MyBackup = { status: BackupRequestStatus | "expired"; phone: string; expiresAt: Date; answeredAt: Date | null };
export type PastClaim = { storeName: string; claimedAt: Date; endedAt: Date; isDone: boolean };
export type BackedPerson = { requestId: string; name: string | null; canClaim: boolean; moveAt: Date | null };

/** The recovery page: the person's backup, claims that were made on the own stores, and people who named this one. */
export async function getRecovery(actor: Actor, now = new Date()): Promise<{ backup: MyBackup | null; past: PastClaim[]; backed: BackedPerson[] }> {
  const [[request], claims, requests] = await Promise.all([
    db.select().from(backupRequests).where(eq(backupRequests.userId, actor.userId)).orderBy(desc(backupRequests.createdAt), desc(backupRequests.id)).limit(1),
    db
      .select({ storeName: stores.name, claimedAt: recoveryClaims.claimedAt, completedAt: recoveryClaims.completedAt, cancelledAt: recoveryClaims.cancelledAt })
      .from(recoveryClaims)
      .innerJoin(stores, eq(stores.id, recoveryClaims.storeId))
      .where(and(eq(recoveryClaims.userId, actor.userId), isNotNull(recoveryClaims.claimedAt)))
      .orderBy(desc(recoveryClaims.claimedAt))
      .limit(10),
    db
      .select({ requestId: backupRequests.id, ownerId: backupRequests.userId, name: firstName })
      .from(backupRequests)
      .innerJoin(users, eq(users.id, backupRequests.userId))
      .where(and(eq(backupRequests.acceptedBy, actor.userId), eq(backupRequests.status, "accepted")))
      .orderBy(desc(backupRequests.answeredAt)),
  ]);
  const backed = await Promise.all(
    requests.map(async ({ requestId, ownerId, name }): Promise<BackedPerson> => {
      const { claimable, claimed } = await claimStateOf(ownerId, now);
      return { requestId, name, canClaim: claimable.length > 0, moveAt: claimed[0]?.claimableAt ?? null };
    }),
  );
  return {
    backup: request ? { status: request.status === "asked" && request.expiresAt <= now ? "expired" : request.status, phone: shownPhone(request.phone), expiresAt: request.expiresAt, answeredAt: request.answeredAt } : null,
    past: claims.flatMap(({ storeName, claimedAt, completedAt, cancelledAt }) => {
      const endedAt = completedAt ?? cancelledAt;
      return claimedAt && endedAt ? [{ storeName, claimedAt, endedAt, isDone: completedAt !== null }] : [];
    }),
    backed,
  };
}

export type BackupInvitation = {
  /** First name of who asks; null when they gave none. */
  name: string | null;
  /** Digits enough to know the own phone, too few to learn another's. */
  phoneEnd: string;
  /** Null for a visitor without a session. */
  isThisPhone: boolean | null;
};

/** The page behind the link of the text message. Null when the link was used, taken back or too old. */
export async function getBackupInvitation(token: string, actor: Actor | null): Promise<BackupInvitation | null> {
  const [row] = await db
    .select({ name: firstName, phone: backupRequests.phone, userId: backupRequests.userId })
    .from(backupRequests)
    .innerJoin(users, eq(users.id, backupRequests.userId))
    .where(and(eq(backupRequests.tokenHash, hashBackupToken(token)), eq(backupRequests.status, "asked"), sql`${backupRequests.expiresAt} > now()`));
  if (!row) return null;
  return { name: row.name, phoneEnd: row.phone.slice(-2), isThisPhone: actor ? actor.phone === row.phone && actor.userId !== row.userId : null };
}

export type ClaimPage = {
  name: string | null;
  /** What may be asked for now. */
  claimable: string[];
  /** What was asked for, and when it moves. */
  claimed: { storeName: string; moveAt: Date }[];
  /** What came to this person from that one before. */
  moved: { storeName: string; storeId: string }[];
};

/** What a backup may do for an absent person. Store names are told only once they may be claimed. Fails with: not_found. */
export async function getClaimPage(actor: Actor, requestId: string, now = new Date()): Promise<ClaimPage> {
  if (!isId(requestId)) throw new DomainError("not_found");
  const [request] = await db
    .select({ ownerId: backupRequests.userId, name: firstName })
    .from(backupRequests)
    .innerJoin(users, eq(users.id, backupRequests.userId))
    .where(and(eq(backupRequests.id, requestId), eq(backupRequests.acceptedBy, actor.userId), eq(backupRequests.status, "accepted")));
  if (!request) throw new DomainError("not_found");
  const [{ claimable, claimed }, moved] = await Promise.all([
    claimStateOf(request.ownerId, now),
    db
      .select({ storeName: stores.name, storeId: stores.id })
      .from(recoveryClaims)
      .innerJoin(stores, eq(stores.id, recoveryClaims.storeId))
      .where(and(eq(recoveryClaims.userId, request.ownerId), eq(recoveryClaims.backupUserId, actor.userId), isNotNull(recoveryClaims.completedAt))),
  ]);
  return { name: request.name, claimable: claimable.map(({ storeName }) => storeName), claimed: claimed.flatMap(({ storeName, claimableAt }) => (claimableAt ? [{ storeName, moveAt: claimableAt }] : [])), moved };
}

async function claimStateOf(ownerId: string, now: Date) {
  const absences = await absencesSince(db, daysBefore(now, CLAIM_AFTER_DAYS), ownerId);
  return { claimable: absences.filter(({ warned, claimedAt }) => warned.includes(CLAIM_AFTER_DAYS) && !claimedAt), claimed: absences.filter(({ claimedAt }) => claimedAt) };
}
