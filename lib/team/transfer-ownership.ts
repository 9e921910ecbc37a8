import "server-only";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { storeMembers } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";

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

/** Part of deleting an account: the person is in no team any more. Owners were refused before. */
export async function leaveAllTeams(tx: Tx, userId: string): Promise<void> {
  await tx.delete(storeMembers).where(eq(storeMembers.userId, userId));
}
