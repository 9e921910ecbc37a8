import "server-only";
import { and, eq, exists, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { sessions, sharedTills, storeInvitations, storeMembers, storePins, tillSittings } from "@/db/schema";
import { endSessionsById } from "@/lib/auth/end-sessions";
import { isUnanswered } from "./invite-member";

/**
 * Somebody is no longer in a team: seat, PIN, what they sell at a shared till and the invitations that they sent end together. A shared till that is
 * signed in as that person is signed out, because with the sharing alone gone whoever stands there would hold that person's own account.
 */
export async function endSeat(tx: Tx, { storeId, userId, endedBy }: { storeId: string; userId: string; endedBy: string }): Promise<void> {
  await tx.delete(storeMembers).where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, userId)));
  await tx.delete(storePins).where(and(eq(storePins.storeId, storeId), eq(storePins.userId, userId)));
  await endSittings(tx, { storeId, userId });
  await withdrawInvitations(tx, { storeId, userId });
  const isTheirs = exists(tx.select({ one: sql`1` }).from(sessions).where(and(eq(sessions.id, sharedTills.sessionId), eq(sessions.userId, userId))));
  const shared = await tx.delete(sharedTills).where(and(eq(sharedTills.storeId, storeId), isTheirs)).returning({ sessionId: sharedTills.sessionId });
  const sessionIds = shared.map(({ sessionId }) => sessionId);
  for (const sessionId of sessionIds) await tx.update(tillSittings).set({ endedAt: sql`now()` }).where(and(eq(tillSittings.sessionId, sessionId), isNull(tillSittings.endedAt)));
  await endSessionsById(tx, { sessionIds, endedBy });
}

/** Ends what somebody sells now at this store's shared tills, and what others sell by that person's override. */
export async function endSittings(tx: Tx, { storeId, userId }: { storeId: string; userId: string }): Promise<void> {
  await tx
    .update(tillSittings)
    .set({ endedAt: sql`now()` })
    .where(and(eq(tillSittings.storeId, storeId), isNull(tillSittings.endedAt), sql`(${tillSittings.userId} = ${userId} OR ${tillSittings.overrideBy} = ${userId})`));
}

/** What a person invited who no longer may: nobody joins on the word of somebody who is gone. */
export async function withdrawInvitations(tx: Tx, { storeId, userId }: { storeId: string; userId: string }): Promise<void> {
  await tx.update(storeInvitations).set({ cancelledAt: sql`now()`, phone: null }).where(and(eq(storeInvitations.storeId, storeId), eq(storeInvitations.invitedBy, userId), isUnanswered));
}
