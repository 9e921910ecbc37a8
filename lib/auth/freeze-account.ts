import "server-only";
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { warnPerson } from "@/lib/notifications/warn-person";
import type { Actor } from "./actor";
import { cancelPhoneChange } from "./cancel-phone-change";
import { endOtherSessions, heldSeconds } from "./end-devices";
import { cancelAllStepUpWaits } from "./request-step-up-wait";
import { requireStepUp } from "./step-up";

type Who = Pick<Actor, "userId" | "sessionId" | "ip" | "userAgent">;

/**
 * "Wasn't you?": nothing leaves the account from now on, what was waited for is cancelled, the other sessions end. It needs no proof,
 * because it harms nobody. A session that is held back freezes too (its owner may have lost the old phone) but ends no other, or a thief
 * of the number would lock the owner out. Freezing again changes nothing.
 */
export async function freezeAccount(actor: Who): Promise<void> {
  await db.transaction(async (tx) => {
    const [frozen] = await tx.update(users).set({ frozenAt: sql`now()` }).where(and(eq(users.id, actor.userId), isNull(users.frozenAt))).returning({ id: users.id });
    if (!frozen) return;
    const isHeldBack = (await heldSeconds(tx, actor)) > 0;
    await cancelAllStepUpWaits(tx, actor);
    await cancelPhoneChange(tx, actor);
    const endedSessions = isHeldBack ? 0 : await endOtherSessions(tx, actor);
    await recordAudit(tx, { action: "user.frozen", userId: actor.userId, resourceType: "user", resourceId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, newValues: { endedSessions } });
    await warnPerson(tx, { userId: actor.userId, kind: "account_frozen", sessionId: actor.sessionId });
  });
}

/** Lets money leave again. Fails with what requireStepUp fails with. An account that is not frozen stays as it is. */
export async function unfreezeAccount(actor: Who): Promise<void> {
  await db.transaction(async (tx) => {
    const [person] = await tx.select({ id: users.id }).from(users).where(and(eq(users.id, actor.userId), isNotNull(users.frozenAt))).for("no key update");
    if (!person) return;
    await requireStepUp(tx, actor, "unfreeze");
    await tx.update(users).set({ frozenAt: null }).where(eq(users.id, actor.userId));
    await recordAudit(tx, { action: "user.unfrozen", userId: actor.userId, resourceType: "user", resourceId: actor.userId, ip: actor.ip, userAgent: actor.userAgent });
    await warnPerson(tx, { userId: actor.userId, kind: "account_unfrozen", sessionId: actor.sessionId });
  });
}
