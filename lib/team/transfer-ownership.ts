import "server-only";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { storeInvitations, storeMembers } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { endSeat } from "./end-seat";
import { invitedPhoneHash, isUnanswered } from "./invite-member";

/**
 * Makes somebody the owner of a store and its former owner an admin. The store's money is in the store's own account and goes nowhere.
 * Fails with: forbidden (the former owner is none).
 */
export async function transferOwnership(tx: Tx, { storeId, fromUserId, toUserId }: { storeId: string; fromUserId: string; toUserId: string }): Promise<void> {
  const [former] = await tx
    .update(storeMembers)
    .set({ role: "admin" })
    .where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, fromUserId), eq(storeMembers.role, "owner"), isNotNull(storeMembers.acceptedAt)))
    .returning({ id: storeMembers.id });
  if (!former) throw new DomainError("forbidden");
  await tx
    .insert(storeMembers)
    .values({ id: newId(), storeId, userId: toUserId, role: "owner", acceptedAt: sql`now()` })
    .onConflictDoUpdate({ target: [storeMembers.storeId, storeMembers.userId], set: { role: "owner", acceptedAt: sql`coalesce(${storeMembers.acceptedAt}, now())` } });
  await recordAudit(tx, { action: "store.ownership_transferred", userId: toUserId, resourceType: "store", resourceId: storeId, oldValues: { ownerId: fromUserId }, newValues: { ownerId: toUserId } });
}

/** Part of deleting an account: the person is in no team any more, and no invitation waits for the phone. Owners were refused before. */
export async function leaveAllTeams(tx: Tx, { userId, phone }: { userId: string; phone: string }): Promise<void> {
  const seats = await tx.select({ storeId: storeMembers.storeId }).from(storeMembers).where(eq(storeMembers.userId, userId));
  for (const { storeId } of seats) await endSeat(tx, { storeId, userId, endedBy: userId });
  const wasPhone = eq(storeInvitations.phoneHash, invitedPhoneHash(phone));
  await tx.update(storeInvitations).set({ cancelledAt: sql`now()` }).where(and(wasPhone, isUnanswered));
  await tx.update(storeInvitations).set({ phone: null, phoneShown: "••••", phoneHash: sql`'deleted:' || ${storeInvitations.id}` }).where(wasPhone);
}
