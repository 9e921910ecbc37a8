import "server-only";
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { sharedTills, storeMembers, storePins, tills, tillSittings } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId, newId } from "@/lib/ids";
import { hintStore } from "@/lib/live/hint-store";
import { checkPin } from "./check-pin";
import { lockTeam } from "./lock-team";
import { requirePermission } from "./require-permission";
import { can, IDLE_MINUTES } from "./rules";

/**
 * Makes this device a shared till: from now on its session sells and does nothing else, until its own person's PIN ends that. So a PIN is needed first.
 * Fails with: not_found, forbidden (one already), pin_missing, invalid_input (minutes, or a till that is not this store's).
 */
export async function shareTill(actor: Actor, { storeId, tillId, idleMinutes }: { storeId: string; tillId: string | null; idleMinutes: number }): Promise<void> {
  if (!(IDLE_MINUTES as readonly number[]).includes(idleMinutes)) throw new DomainError("invalid_input");
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId]);
    await requirePermission(tx, actor, storeId, "tills.share");
    const [pin] = await tx.select({ userId: storePins.userId }).from(storePins).where(and(eq(storePins.storeId, storeId), eq(storePins.userId, actor.userId)));
    if (!pin) throw new DomainError("pin_missing");
    if (tillId !== null) {
      const [till] = isId(tillId) ? await tx.select({ id: tills.id }).from(tills).where(and(eq(tills.id, tillId), eq(tills.storeId, storeId), isNull(tills.removedAt))) : [];
      if (!till) throw new DomainError("invalid_input");
    }
    const shared = { storeId, tillId, idleMinutes, startedBy: actor.userId };
    await tx.insert(sharedTills).values({ sessionId: actor.sessionId, ...shared }).onConflictDoUpdate({ target: sharedTills.sessionId, set: shared });
    await recordAudit(tx, { action: "till.shared", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, newValues: { sessionId: actor.sessionId, tillId, idleMinutes } });
    await recordEvent(tx, { name: "till_shared", userId: actor.userId, sessionId: actor.sessionId, properties: { store_id: storeId } });
  });
}

/**
 * Ends the sharing by the PIN of the session's own person, whose account this device then is again.
 * Fails with: not_found (none), and with what checkPin fails with.
 */
export async function unshareTill(actor: Actor, { storeId, pin }: { storeId: string; pin: string }): Promise<void> {
  if (actor.sharedStoreId !== storeId) throw new DomainError("not_found");
  await checkPin(actor, { storeId, userId: actor.userId, pin });
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId]);
    await endOpenSitting(tx, actor.sessionId);
    await tx.delete(sharedTills).where(eq(sharedTills.sessionId, actor.sessionId));
    await recordAudit(tx, { action: "till.unshared", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, oldValues: { sessionId: actor.sessionId } });
  });
}

/**
 * Somebody begins to sell at this shared till, by the own PIN, or by that of an owner or admin who stands in (`overrideBy`): then the sales are the
 * chosen person's and the record says who let them. Whoever sold before is locked out.
 * Fails with: not_found (no shared till), forbidden (that person may not stand in), member_gone, and with what checkPin fails with.
 */
export async function unlockTill(actor: Actor, { storeId, userId, pin, overrideBy = null }: { storeId: string; userId: string; pin: string; overrideBy?: string | null }): Promise<void> {
  await requirePermission(db, actor, storeId, "till.use");
  if (actor.sharedStoreId !== storeId) throw new DomainError("not_found");
  const checked = overrideBy ?? userId;
  const role = await checkPin(actor, { storeId, userId: checked, pin });
  if (overrideBy !== null && !can(role, "tills.override")) throw new DomainError("forbidden", { permission: "tills.override" });
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId, userId, checked]);
    const [shared] = await tx.select({ tillId: sharedTills.tillId }).from(sharedTills).where(and(eq(sharedTills.sessionId, actor.sessionId), eq(sharedTills.storeId, storeId)));
    if (!shared) throw new DomainError("not_found");
    // Both are still in the team, now that nobody can change it.
    for (const id of new Set([userId, checked])) {
      const [member] = await tx.select({ role: storeMembers.role }).from(storeMembers).where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, id), isNotNull(storeMembers.acceptedAt)));
      if (!member || (id === overrideBy && !can(member.role, "tills.override"))) throw new DomainError("member_gone");
    }
    await endOpenSitting(tx, actor.sessionId);
    const id = newId();
    await tx.insert(tillSittings).values({ id, storeId, tillId: shared.tillId, sessionId: actor.sessionId, userId, overrideBy });
    await recordAudit(tx, {
      action: overrideBy ? "till.overridden" : "till.unlocked",
      userId: checked,
      resourceType: "store",
      resourceId: storeId,
      ip: actor.ip,
      userAgent: actor.userAgent,
      newValues: { sittingId: id, sellerId: userId, tillId: shared.tillId },
      metadata: { sessionOf: actor.userId },
    });
    await recordEvent(tx, { name: "till_unlocked", userId: checked, sessionId: actor.sessionId, properties: { store_id: storeId, is_override: overrideBy !== null } });
    await hintStore(tx, storeId);
  });
}

/** Locks the shared till: the next sale needs a PIN. Fails with: not_found, forbidden. */
export async function lockTill(actor: Actor, { storeId }: { storeId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "till.use");
    const ended = await endOpenSitting(tx, actor.sessionId);
    if (!ended) return;
    await recordAudit(tx, { action: "till.locked", userId: ended.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, oldValues: { sittingId: ended.id } });
    await hintStore(tx, storeId);
  });
}

async function endOpenSitting(tx: Tx, sessionId: string): Promise<{ id: string; userId: string } | undefined> {
  const [ended] = await tx
    .update(tillSittings)
    .set({ endedAt: sql`now()` })
    .where(and(eq(tillSittings.sessionId, sessionId), isNull(tillSittings.endedAt)))
    .returning({ id: tillSittings.id, userId: tillSittings.userId });
  return ended;
}
