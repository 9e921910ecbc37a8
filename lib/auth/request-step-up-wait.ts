import "server-only";
import { and, asc, eq, exists, isNull, or, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { passkeys, sessions, stepUpWaits, users, wallets } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { notify } from "@/lib/notifications/notify";
import { warnPerson } from "@/lib/notifications/warn-person";
import type { Actor } from "./actor";
import { STEP_UP_LOST_WAIT_HOURS, STEP_UP_RIGHT_HOURS, STEP_UP_WAIT_HOURS, type StepUpPurpose } from "./rules";

type Who = Pick<Actor, "userId" | "sessionId" | "ip" | "userAgent">;

/** What a wait still is: not used, not cancelled, its right not over. */
const isOpen = () => and(isNull(stepUpWaits.usedAt), isNull(stepUpWaits.cancelledAt), sql`${stepUpWaits.expiresAt} > now()`);

/**
 * The way without a passkey or wallet at hand: the right to `purpose` stands after 24 hours, or after 72 where the account has one that may
 * be lost, while every device and the phone are told. One open wait for a purpose: asking again answers the same moment. A session that is
 * held back longer waits longer.
 * Fails with: account_frozen for everything but lifting the freeze.
 */
export async function requestStepUpWait(actor: Who, { purpose }: { purpose: StepUpPurpose }): Promise<{ readyAt: Date }> {
  return db.transaction(async (tx) => {
    // One at a time for a person, and none while the account is being frozen.
    const [person] = await tx.select({ frozenAt: users.frozenAt }).from(users).where(eq(users.id, actor.userId)).for("no key update");
    if (!person || (person.frozenAt && purpose !== "unfreeze")) throw new DomainError("account_frozen");
    const [open] = await tx.select({ readyAt: stepUpWaits.readyAt }).from(stepUpWaits).where(and(eq(stepUpWaits.userId, actor.userId), eq(stepUpWaits.purpose, purpose), isOpen()));
    if (open) return open;
    const hours = (await hasSignatureFactor(tx, actor.userId)) ? STEP_UP_LOST_WAIT_HOURS : STEP_UP_WAIT_HOURS;
    const [session] = await tx
      .select({ readyAt: sql<string>`greatest(now() + make_interval(hours => ${hours}), ${sessions.limitedUntil})` })
      .from(sessions)
      .where(and(eq(sessions.id, actor.sessionId), eq(sessions.userId, actor.userId), isNull(sessions.revokedAt)));
    if (!session) throw new DomainError("signed_out");
    const id = newId();
    const [wait] = await tx
      .insert(stepUpWaits)
      .values({
        id,
        userId: actor.userId,
        sessionId: actor.sessionId,
        purpose,
        readyAt: sql`${session.readyAt}::timestamptz`,
        expiresAt: sql`${session.readyAt}::timestamptz + make_interval(hours => ${STEP_UP_RIGHT_HOURS})`,
      })
      .returning({ readyAt: stepUpWaits.readyAt });
    await recordAudit(tx, { action: "step_up.requested", userId: actor.userId, resourceType: "session", resourceId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, newValues: { purpose, waitId: id, hours } });
    await warnPerson(tx, { userId: actor.userId, kind: "step_up_requested", sessionId: actor.sessionId, data: { purpose, waitId: id, readyAt: wait!.readyAt.toISOString() } });
    return wait!;
  });
}

/** Ends a wait from any of the person's devices. Fails with: not_found (also one that was used, cancelled or is over). */
export async function cancelStepUpWait(actor: Who, { waitId }: { waitId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    const [cancelled] = await tx
      .update(stepUpWaits)
      .set({ cancelledAt: sql`now()` })
      .where(and(eq(stepUpWaits.id, waitId), eq(stepUpWaits.userId, actor.userId), isOpen()))
      .returning({ purpose: stepUpWaits.purpose });
    if (!cancelled) throw new DomainError("not_found");
    await recordAudit(tx, { action: "step_up.cancelled", userId: actor.userId, resourceType: "session", resourceId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, newValues: { purpose: cancelled.purpose, waitId } });
    await notify(tx, { userId: actor.userId, kind: "step_up_cancelled", sessionId: actor.sessionId, data: { purpose: cancelled.purpose } });
  });
}

/** Ends every open wait of a person, in the transaction of a freeze. */
export async function cancelAllStepUpWaits(tx: Tx, actor: Who): Promise<void> {
  const cancelled = await tx
    .update(stepUpWaits)
    .set({ cancelledAt: sql`now()` })
    .where(and(eq(stepUpWaits.userId, actor.userId), isOpen()))
    .returning({ id: stepUpWaits.id, purpose: stepUpWaits.purpose });
  for (const { id, purpose } of cancelled) {
    await recordAudit(tx, { action: "step_up.cancelled", userId: actor.userId, resourceType: "session", resourceId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, newValues: { purpose, waitId: id } });
  }
}

export type OpenWait = { id: string; purpose: StepUpPurpose; readyAt: Date; expiresAt: Date; isReady: boolean; isOfThisSession: boolean };

/** What the person is waiting for, the next first. */
export function listOpenWaits({ userId, sessionId }: Pick<Actor, "userId" | "sessionId">): Promise<OpenWait[]> {
  return db
    .select({
      id: stepUpWaits.id,
      purpose: stepUpWaits.purpose,
      readyAt: stepUpWaits.readyAt,
      expiresAt: stepUpWaits.expiresAt,
      isReady: sql<boolean>`${stepUpWaits.readyAt} <= now()`,
      isOfThisSession: sql<boolean>`${stepUpWaits.sessionId} = ${sessionId}`,
    })
    .from(stepUpWaits)
    .where(and(eq(stepUpWaits.userId, userId), isOpen()))
    .orderBy(asc(stepUpWaits.readyAt));
}

/** Whether the person could sign instead of waiting: a passkey or a wallet stands in the account. */
export async function hasSignatureFactor(runner: Tx | typeof db, userId: string): Promise<boolean> {
  const [found] = await runner
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), or(exists(runner.select({ one: sql`1` }).from(passkeys).where(eq(passkeys.userId, userId))), exists(runner.select({ one: sql`1` }).from(wallets).where(eq(wallets.userId, userId))))));
  return found !== undefined;
}
