import "server-only";
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { sessions, stepUpWaits } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import type { Actor } from "./actor";
import { STEP_UP_SECONDS, type AuthMethod, type StepUpPurpose } from "./rules";

type Who = Pick<Actor, "userId" | "sessionId" | "ip" | "userAgent">;

/**
 * Lets a sensitive use case go on: with a passkey's or wallet's signature of the last five minutes in this session, or with a right
 * that was waited for, which it uses up. Ask it first inside the use case's transaction, so that a failure gives the right back.
 * Fails with what findStepUp fails with.
 */
export async function requireStepUp(tx: Tx, actor: Who, purpose: StepUpPurpose): Promise<void> {
  const waitId = await findStepUp(tx, actor, purpose);
  if (waitId === null) return;
  await tx.update(stepUpWaits).set({ usedAt: sql`now()` }).where(eq(stepUpWaits.id, waitId));
  await recordAudit(tx, { action: "step_up.used", userId: actor.userId, resourceType: "session", resourceId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, newValues: { purpose, waited: true } });
}

/**
 * What requireStepUp would go on with, without using it up: the id of a wait that is over, or null for a signature of this session. For
 * the question before an act of two steps.
 * Fails with: step_up_required {purpose}, step_up_waiting {seconds} while the wait runs or the session is held back, signed_out.
 */
export async function findStepUp(tx: Tx, actor: Who, purpose: StepUpPurpose): Promise<string | null> {
  const [session] = await tx
    .select({
      isFresh: sql<boolean>`coalesce(${sessions.steppedUpAt} > now() - make_interval(secs => ${STEP_UP_SECONDS}), false)`,
      heldSeconds: sql<number>`greatest(0, ceil(extract(epoch FROM ${sessions.limitedUntil} - now())))::int`,
    })
    .from(sessions)
    .where(and(eq(sessions.id, actor.sessionId), eq(sessions.userId, actor.userId), isNull(sessions.revokedAt)));
  if (!session) throw new DomainError("signed_out");
  if (session.isFresh) return null;

  const [wait] = await tx
    .select({ id: stepUpWaits.id, seconds: sql<number>`ceil(extract(epoch FROM ${stepUpWaits.readyAt} - now()))::int` })
    .from(stepUpWaits)
    .where(and(eq(stepUpWaits.userId, actor.userId), eq(stepUpWaits.purpose, purpose), isNull(stepUpWaits.usedAt), isNull(stepUpWaits.cancelledAt), sql`${stepUpWaits.expiresAt} > now()`))
    .orderBy(asc(stepUpWaits.readyAt))
    .limit(1)
    .for("update");
  if (!wait) throw new DomainError("step_up_required", { purpose });
  // A new device must not use the right that an older one waited for.
  const seconds = Math.max(wait.seconds, session.heldSeconds);
  if (seconds > 0) throw new DomainError("step_up_waiting", { seconds });
  return wait.id;
}

/** Whether this session signed in the last five minutes: for the few acts where a wait is no substitute. */
export async function hasFreshStepUp(tx: Tx, { userId, sessionId }: Pick<Who, "userId" | "sessionId">): Promise<boolean> {
  const [session] = await tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isNull(sessions.revokedAt), sql`${sessions.steppedUpAt} > now() - make_interval(secs => ${STEP_UP_SECONDS})`));
  return session !== undefined;
}

/** Notes a passkey's or wallet's signature for this session, which then is no new device any more. Call it only after the signature was verified for this very person. */
export async function markSteppedUp(tx: Tx, actor: Who, method: Exclude<AuthMethod, "phone">): Promise<void> {
  await tx
    .update(sessions)
    .set({ steppedUpAt: sql`now()`, stepUpMethod: method, limitedUntil: null })
    .where(and(eq(sessions.id, actor.sessionId), eq(sessions.userId, actor.userId), isNull(sessions.revokedAt)));
  await recordAudit(tx, { action: "session.stepped_up", userId: actor.userId, resourceType: "session", resourceId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, newValues: { method } });
}
