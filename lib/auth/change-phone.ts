import "server-only";
import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { phoneChanges, sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { DEFAULT_LOCALE, isLocale } from "@/lib/i18n/locale";
import { enqueue } from "@/lib/jobs/enqueue";
import { hintPerson } from "@/lib/live/hint-person";
import { noticeMessage } from "@/lib/notifications/notice-messages";
import { notify, queueMessage } from "@/lib/notifications/notify";
import { warnPerson } from "@/lib/notifications/warn-person";
import type { Actor, Visitor } from "./actor";
import { cancelPhoneChange } from "./cancel-phone-change";
import { maskPhone, parsePhone, shownPhone } from "./phone";
import { PHONE_CHANGE_WAIT_HOURS } from "./rules";
import { sendPhoneCode } from "./send-phone-code";
import { hasFreshStepUp } from "./step-up";
import { tryPhoneCode, usePhoneCode } from "./use-phone-code";

type NewPhone = { phone: string; country?: string };

/**
 * Sends a code to the phone that is to become the account's. Whether it has an account already is told only to whoever proves to hold it.
 * Fails with: phone_same, and with what parsePhone and sendPhoneCode fail with.
 */
export async function sendCodeToNewPhone(actor: Actor, visitor: Visitor, input: NewPhone) {
  return sendPhoneCode(visitor, { phone: newPhoneOf(actor, input), purpose: "phone_change" });
}

/** Sends a code to the account's present phone. Fails with what sendPhoneCode fails with. */
export async function sendCodeToPresentPhone(actor: Actor, visitor: Visitor) {
  const { resendSeconds } = await sendPhoneCode(visitor, { phone: parsePhone(actor.phone), purpose: "phone_change" });
  return { phoneShown: shownPhone(actor.phone), resendSeconds };
}

/**
 * Makes a proven phone the account's: at once after a passkey's or wallet's signature of the last five minutes, else with a code of the
 * present phone in three days, of which everybody is told and which any device can cancel. A right that was waited for is not enough here:
 * the phone is what gets the next codes.
 * Fails with: phone_same, phone_taken (only after the code was right), step_up_required {purpose}, account_frozen, and with what
 * tryPhoneCode fails with.
 */
export async function changePhone(actor: Actor, visitor: Visitor, input: NewPhone & { code: string; presentCode?: string }): Promise<{ readyAt: Date | null }> {
  const newPhone = newPhoneOf(actor, input).number;
  const isProven = await tryPhoneCode(visitor, { phone: newPhone, code: input.code, purpose: "phone_change" });
  const isPresentProven = input.presentCode ? await tryPhoneCode(visitor, { phone: actor.phone, code: input.presentCode, purpose: "phone_change" }) : null;
  return db.transaction(async (tx) => {
    const [person] = await tx.select({ frozenAt: users.frozenAt, phone: users.phone }).from(users).where(eq(users.id, actor.userId)).for("no key update");
    if (!person || person.frozenAt) throw new DomainError("account_frozen");
    if (person.phone !== actor.phone) throw new DomainError("phone_same");
    await usePhoneCode(tx, visitor, isProven);
    if (await isTaken(tx, actor.userId, newPhone)) throw new DomainError("phone_taken");
    if (await hasFreshStepUp(tx, actor)) {
      await cancelPhoneChange(tx, actor);
      await setPhone(tx, actor, newPhone);
      return { readyAt: null };
    }
    if (!isPresentProven) throw new DomainError("step_up_required", { purpose: "phone_change" });
    await usePhoneCode(tx, visitor, isPresentProven);
    await cancelPhoneChange(tx, actor);
    const id = newId();
    const [change] = await tx
      .insert(phoneChanges)
      .values({
        id,
        userId: actor.userId,
        newPhone,
        sessionId: actor.sessionId,
        readyAt: sql`(SELECT greatest(now() + make_interval(hours => ${PHONE_CHANGE_WAIT_HOURS}), s.limited_until) FROM ${sessions} s WHERE s.id = ${actor.sessionId})`,
      })
      .returning({ readyAt: phoneChanges.readyAt });
    const readyAt = change!.readyAt;
    await enqueue(tx, "auth.complete_phone_change", { changeId: id }, { key: `auth.complete_phone_change:${id}`, runAt: readyAt });
    await recordAudit(tx, { action: "user.phone_change_requested", ...who(actor), newValues: { phone: maskPhone(newPhone), readyAt: readyAt.toISOString() } });
    await warnPerson(tx, { userId: actor.userId, kind: "phone_change_requested", sessionId: actor.sessionId, data: { phone: shownPhone(newPhone), readyAt: readyAt.toISOString() } });
    return { readyAt };
  });
}

/** Takes back the open change. Fails with: not_found. */
export async function withdrawPhoneChange(actor: Actor): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await cancelPhoneChange(tx, actor))) throw new DomainError("not_found");
  });
}

/**
 * The end of the three days. Does nothing for a change that was cancelled or done, or that is not ready yet; a phone that somebody signed
 * up with meanwhile stays theirs.
 */
export async function completePhoneChange(changeId: string, now = new Date()): Promise<void> {
  await db.transaction(async (tx) => {
    const [change] = await tx
      .select({ userId: phoneChanges.userId, sessionId: phoneChanges.sessionId, newPhone: phoneChanges.newPhone, readyAt: phoneChanges.readyAt })
      .from(phoneChanges)
      .where(and(eq(phoneChanges.id, changeId), isNull(phoneChanges.doneAt), isNull(phoneChanges.cancelledAt)))
      .for("update");
    if (!change || change.readyAt > now) return;
    const actor = { userId: change.userId, sessionId: change.sessionId, ip: null, userAgent: null };
    if (await isTaken(tx, change.userId, change.newPhone)) {
      await cancelPhoneChange(tx, actor);
      return;
    }
    await tx.update(phoneChanges).set({ doneAt: sql`now()` }).where(eq(phoneChanges.id, changeId));
    await setPhone(tx, actor, change.newPhone);
  });
}

/** The open change, masked, for the pages that show and cancel it. */
export async function openPhoneChange({ userId }: Pick<Actor, "userId">): Promise<{ phone: string; readyAt: Date } | null> {
  const [change] = await db
    .select({ newPhone: phoneChanges.newPhone, readyAt: phoneChanges.readyAt })
    .from(phoneChanges)
    .where(and(eq(phoneChanges.userId, userId), isNull(phoneChanges.doneAt), isNull(phoneChanges.cancelledAt)));
  return change ? { phone: shownPhone(change.newPhone), readyAt: change.readyAt } : null;
}

type Who = Pick<Actor, "userId" | "sessionId" | "ip" | "userAgent">;

const who = ({ userId, ip, userAgent }: Who) => ({ userId, resourceType: "user" as const, resourceId: userId, ip, userAgent });

function newPhoneOf(actor: Actor, { phone: typed, country }: NewPhone) {
  const phone = parsePhone(typed, country);
  if (phone.number === actor.phone) throw new DomainError("phone_same");
  return phone;
}

async function isTaken(tx: Tx, userId: string, phone: string): Promise<boolean> {
  const [other] = await tx.select({ id: users.id }).from(users).where(and(eq(users.phone, phone), ne(users.id, userId)));
  return other !== undefined;
}

/** Sessions stay. The old number is told that it no longer signs in. */
async function setPhone(tx: Tx, actor: Who, newPhone: string) {
  const [before] = await tx.select({ phone: users.phone, locale: users.locale }).from(users).where(eq(users.id, actor.userId)).for("no key update");
  await tx.update(users).set({ phone: newPhone, phoneVerifiedAt: sql`now()` }).where(eq(users.id, actor.userId));
  await recordAudit(tx, { action: "user.phone_changed", ...who(actor), oldValues: { phone: maskPhone(before!.phone) }, newValues: { phone: maskPhone(newPhone) } });
  await queueMessage(tx, { to: before!.phone, body: noticeMessage("phone_changed", isLocale(before!.locale) ? before!.locale : DEFAULT_LOCALE) });
  await notify(tx, { userId: actor.userId, kind: "phone_changed", sessionId: actor.sessionId, data: { phone: shownPhone(newPhone) } });
  await hintPerson(tx, actor.userId);
}
