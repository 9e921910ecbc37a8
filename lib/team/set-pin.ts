import "server-only";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { storeMembers, storePins } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { heldSeconds } from "@/lib/auth/end-devices";
import { DomainError } from "@/lib/errors";
import { hintStore } from "@/lib/live/hint-store";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { lockTeam } from "./lock-team";
import { hashPin } from "./pin-hash";
import { requirePermission } from "./require-permission";
import { parseNewPin, rightOver } from "./rules";

/**
 * Sets or changes the own PIN in a store; a locked one is free again. Not at a shared till: whoever stands there is not the session's person. Not on a
 * device that is held back either: whoever has only the number would open the counter's device, which is trusted, with it.
 * Fails with: pin_invalid, not_found, forbidden (a shared till), device_held_back, too_many_requests.
 */
export async function setPin(actor: Actor, { storeId, pin: typed }: { storeId: string; pin: string }): Promise<void> {
  const pin = parseNewPin(typed);
  await requirePermission(db, actor, storeId, "pin.set");
  const seconds = await heldSeconds(db, actor);
  if (seconds > 0) throw new DomainError("device_held_back", { seconds });
  await consumeLimit(db, "pin_set_account", actor.userId);
  const pinHash = await hashPin({ storeId, userId: actor.userId }, pin);
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId]);
    // Asked again behind the lock: the PIN of somebody who was removed meanwhile must not come back.
    await requirePermission(tx, actor, storeId, "pin.set");
    const fresh = { pinHash, failedAttempts: 0, lockedAt: null, updatedAt: sql`now()` };
    await tx.insert(storePins).values({ storeId, userId: actor.userId, ...fresh }).onConflictDoUpdate({ target: [storePins.storeId, storePins.userId], set: fresh });
    await recordAudit(tx, { action: "team.pin_set", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent });
    await hintStore(tx, storeId);
  });
}

/**
 * Gives a locked PIN its tries back, for a colleague who knows it. Nobody learns it.
 * Fails with: not_found, forbidden, member_gone, pin_missing.
 */
export async function unlockPin(actor: Actor, { storeId, userId }: { storeId: string; userId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId]);
    await requirePermission(tx, actor, storeId, "team.manage_staff");
    const [member] = await tx.select({ role: storeMembers.role }).from(storeMembers).where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, userId), isNotNull(storeMembers.acceptedAt)));
    if (!member) throw new DomainError("member_gone");
    // An owner sets an own new one.
    await requirePermission(tx, actor, storeId, rightOver(member.role === "staff" ? "staff" : "admin"));
    const [unlocked] = await tx.update(storePins).set({ failedAttempts: 0, lockedAt: null }).where(and(eq(storePins.storeId, storeId), eq(storePins.userId, userId))).returning({ userId: storePins.userId });
    if (!unlocked) throw new DomainError("pin_missing");
    await recordAudit(tx, { action: "team.pin_unlocked", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, newValues: { memberId: userId } });
    await hintStore(tx, storeId);
  });
}
