import "server-only";
import { and, eq, exists, isNotNull, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { sharedTills, storeMembers, tillSittings } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { requirePermission } from "./require-permission";

/** Who makes a sale, at which till, and at a shared one in which sitting. */
export type Seller = { userId: string; tillId: string | null; sittingId: string | null };

/**
 * Who sells on this device now: at a shared till whoever unlocked it by PIN, elsewhere the signed-in member. Counts as a touch of the till. `tillId` is
 * the shared till's; another device's is the page's to say.
 * Fails with: not_found, forbidden, till_locked (nobody unlocked it, it was idle for too long, or that person is no longer in the team).
 */
export async function currentSeller(tx: Tx | typeof db, actor: Actor, storeId: string): Promise<Seller> {
  await requirePermission(tx, actor, storeId, "charges.make");
  const [shared] = await tx.select({ tillId: sharedTills.tillId }).from(sharedTills).where(eq(sharedTills.sessionId, actor.sessionId));
  if (!shared) return { userId: actor.userId, tillId: null, sittingId: null };
  const sitting = await touchSitting(tx, actor, storeId);
  if (!sitting) throw new DomainError("till_locked");
  return { userId: sitting.userId, tillId: shared.tillId, sittingId: sitting.id };
}

/** Notes that the till is in use. Nothing when it is locked: an idle one stays so. */
export async function touchSitting(tx: Tx | typeof db, { sessionId }: Pick<Actor, "sessionId">, storeId: string): Promise<{ id: string; userId: string } | null> {
  const isFresh = exists(
    tx.select({ one: sql`1` }).from(sharedTills).where(and(eq(sharedTills.sessionId, tillSittings.sessionId), sql`${tillSittings.lastUsedAt} > now() - make_interval(mins => ${sharedTills.idleMinutes})`)),
  );
  const isMember = exists(tx.select({ one: sql`1` }).from(storeMembers).where(and(eq(storeMembers.storeId, tillSittings.storeId), eq(storeMembers.userId, tillSittings.userId), isNotNull(storeMembers.acceptedAt))));
  const [sitting] = await tx
    .update(tillSittings)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(tillSittings.sessionId, sessionId), eq(tillSittings.storeId, storeId), isNull(tillSittings.endedAt), isFresh, isMember))
    .returning({ id: tillSittings.id, userId: tillSittings.userId });
  return sitting ?? null;
}
