import "server-only";
import { and, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { sessions } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { hintPerson } from "@/lib/live/hint-person";
import type { Actor } from "./actor";

type Who = Pick<Actor, "userId" | "sessionId" | "ip" | "userAgent">;

/**
 * Ends another session of this person, everywhere and at once; its device becomes unknown to the account.
 * Fails with: not_found (also a session of somebody else, or one that ended), device_held_back {seconds}.
 */
export async function endDevice(actor: Who, { sessionId }: { sessionId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await refuseHeldBack(tx, actor);
    const ended = await endSessions(tx, actor, eq(sessions.id, sessionId));
    if (ended === 0) throw new DomainError("not_found");
  });
}

/** Ends every session of this person but the present one. Answers how many. Fails with: device_held_back {seconds}. */
export async function endOtherDevices(actor: Who): Promise<number> {
  return db.transaction(async (tx) => {
    await refuseHeldBack(tx, actor);
    return endOtherSessions(tx, actor);
  });
}

/** The same within a larger change. */
export const endOtherSessions = (tx: Tx, actor: Who): Promise<number> => endSessions(tx, actor, ne(sessions.id, actor.sessionId));

/** Seconds until a session by code alone on a new device counts like the others; 0 for all others. */
export async function heldSeconds(tx: Tx | typeof db, { userId, sessionId }: Pick<Actor, "userId" | "sessionId">): Promise<number> {
  const [session] = await tx
    .select({ seconds: sql<number>`coalesce(greatest(0, ceil(extract(epoch FROM ${sessions.limitedUntil} - now()))), 0)::int` })
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isNull(sessions.revokedAt)));
  if (!session) throw new DomainError("signed_out");
  return session.seconds;
}

/** Whoever took over the phone number must not throw the owner out of the devices that could stop it. */
async function refuseHeldBack(tx: Tx, actor: Who) {
  const seconds = await heldSeconds(tx, actor);
  if (seconds > 0) throw new DomainError("device_held_back", { seconds });
}

async function endSessions(tx: Tx, actor: Who, which: ReturnType<typeof eq>): Promise<number> {
  const ended = await tx
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(which, ne(sessions.id, actor.sessionId), eq(sessions.userId, actor.userId), isNull(sessions.revokedAt), sql`${sessions.expiresAt} > now()`))
    .returning({ id: sessions.id, deviceHash: sessions.deviceHash });
  const [own] = await tx.select({ deviceHash: sessions.deviceHash }).from(sessions).where(eq(sessions.id, actor.sessionId));
  // Thrown out means no longer trusted: coming back by code alone is coming from a new device. This browser may have several sessions.
  const hashes = [...new Set(ended.flatMap(({ deviceHash }) => (deviceHash && deviceHash !== own?.deviceHash ? [deviceHash] : [])))];
  if (hashes.length > 0) await tx.update(sessions).set({ deviceHash: null }).where(and(eq(sessions.userId, actor.userId), inArray(sessions.deviceHash, hashes)));
  for (const { id } of ended) {
    await recordAudit(tx, { action: "session.ended", userId: actor.userId, resourceType: "session", resourceId: id, ip: actor.ip, userAgent: actor.userAgent, metadata: { endedBy: actor.sessionId } });
  }
  if (ended.length > 0) await hintPerson(tx, actor.userId);
  return ended.length;
}
