import "server-only";
import { and, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { storeMembers, storePins } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { hintStore } from "@/lib/live/hint-store";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { isPinOf } from "./pin-hash";
import { pinOf, PIN_TRIES, type Role } from "./rules";

/**
 * Whether this is the member's PIN. Each try is counted before it is looked at, by a statement of its own: neither a hundred at once nor a failure
 * afterwards gets a try for nothing. A right one gives the tries back. Answers the member's role.
 * Fails with: too_many_requests (this device), member_gone, pin_missing, pin_locked, pin_wrong {triesLeft}.
 */
export async function checkPin(actor: Actor, { storeId, userId, pin: typed }: { storeId: string; userId: string; pin: string }): Promise<Role> {
  await consumeLimit(db, "pin_try_device", actor.sessionId);
  const pin = pinOf(typed);
  const seat = and(eq(storePins.storeId, storeId), eq(storePins.userId, userId));
  const [member] = await db.select({ role: storeMembers.role }).from(storeMembers).where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, userId), isNotNull(storeMembers.acceptedAt)));
  if (!member) throw new DomainError("member_gone");
  const [counted] = await db
    .update(storePins)
    .set({ failedAttempts: sql`${storePins.failedAttempts} + 1` })
    .where(and(seat, isNull(storePins.lockedAt), lt(storePins.failedAttempts, PIN_TRIES)))
    .returning({ pinHash: storePins.pinHash, failedAttempts: storePins.failedAttempts });
  if (!counted) {
    const [kept] = await db.select({ userId: storePins.userId }).from(storePins).where(seat);
    throw new DomainError(kept ? "pin_locked" : "pin_missing");
  }
  if (pin && (await isPinOf({ storeId, userId }, pin, counted.pinHash))) {
    // Only this PIN's tries: one that was set meanwhile has its own.
    await db.update(storePins).set({ failedAttempts: 0 }).where(and(seat, eq(storePins.pinHash, counted.pinHash), isNull(storePins.lockedAt)));
    return member.role;
  }
  const triesLeft = PIN_TRIES - counted.failedAttempts;
  if (triesLeft > 0) throw new DomainError("pin_wrong", { triesLeft });
  await db.transaction(async (tx) => {
    await tx.update(storePins).set({ lockedAt: sql`now()` }).where(and(seat, eq(storePins.pinHash, counted.pinHash)));
    await recordAudit(tx, { action: "team.pin_locked", userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, metadata: { sessionOf: actor.userId } });
    await hintStore(tx, storeId);
  });
  throw new DomainError("pin_locked");
}
