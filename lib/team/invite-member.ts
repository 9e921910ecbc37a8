import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { and, count, eq, isNotNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeInvitations, storeMembers, stores, users } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { keyedHash } from "@/lib/auth/derive-key";
import { parsePhone, shownPhone } from "@/lib/auth/phone";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { hintStore } from "@/lib/live/hint-store";
import { queueMessage } from "@/lib/notifications/notify";
import { paths } from "@/lib/paths";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { plainFirstName } from "@/lib/recovery/rules";
import { lockTeam, requireTeamStepUp } from "./lock-team";
import { teamMessages } from "./messages";
import { requirePermission } from "./require-permission";
import { INVITATION_DAYS, plainStoreName, rightOver, TEAM_MAX, type InvitedRole } from "./rules";

/** By which whoever signs in with an invited phone is recognised; the table is no list of numbers. */
export const invitedPhoneHash = (phone: string): string => keyedHash("invitation", phone).toString("hex");
/** The hash under which the secret of an invitation's link is kept. */
export const hashInvitationToken = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Neither accepted, declined nor cancelled: it waits, or its days are over. */
export const isUnanswered = sql`num_nonnulls(${storeInvitations.acceptedAt}, ${storeInvitations.declinedAt}, ${storeInvitations.cancelledAt}) = 0`;

/**
 * Invites whoever holds a phone as staff or admin: a text message with a link that is good for a week. The answer is the same whether or not that
 * phone has an account. The same phone once more sends another message, with the role of now, instead of a second invitation.
 * Fails with: phone_invalid, phone_country_unsupported, not_found, forbidden, account_frozen, step_up_required, step_up_waiting (admins, and for new
 * admins), too_many_requests, member_already, team_full.
 */
export async function inviteMember(actor: Actor, input: { storeId: string; phone: string; country: string; role: InvitedRole }): Promise<{ phoneShown: string; isAgain: boolean }> {
  const phone = parsePhone(input.phone, input.country).number;
  const { storeId, role } = input;
  return db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId]);
    const own = await requirePermission(tx, actor, storeId, rightOver(role));
    const [waiting] = await tx
      .select({ id: storeInvitations.id, role: storeInvitations.role })
      .from(storeInvitations)
      .where(and(eq(storeInvitations.storeId, storeId), eq(storeInvitations.phoneHash, invitedPhoneHash(phone)), isUnanswered));
    // An admin must not turn an owner's invitation of an admin into one of staff.
    if (waiting && waiting.role !== role) await requirePermission(tx, actor, storeId, rightOver(waiting.role as InvitedRole));
    await requireTeamStepUp(tx, actor, { role: own, makesAdmin: role === "admin" });
    const [member] = await tx
      .select({ id: storeMembers.id })
      .from(storeMembers)
      .innerJoin(users, eq(users.id, storeMembers.userId))
      .where(and(eq(storeMembers.storeId, storeId), eq(users.phone, phone), isNotNull(storeMembers.acceptedAt)));
    if (member) throw new DomainError("member_already");
    if (!waiting && (await seatsOf(tx, storeId)) >= TEAM_MAX) throw new DomainError("team_full");
    const id = waiting?.id ?? newId();
    if (!waiting) await tx.insert(storeInvitations).values({ id, storeId, phone, phoneHash: invitedPhoneHash(phone), phoneShown: shownPhone(phone), role, tokenHash: hashInvitationToken(id), invitedBy: actor.userId, expiresAt: sql`now()` });
    await sendInvitation(tx, actor, { id, storeId, phone, role });
    await recordAudit(tx, { action: waiting ? "team.invitation_sent_again" : "team.invited", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, newValues: { invitationId: id, role, phone: shownPhone(phone) } });
    await recordEvent(tx, { name: "member_invited", userId: actor.userId, sessionId: actor.sessionId, properties: { store_id: storeId, role } });
    return { phoneShown: shownPhone(phone), isAgain: waiting !== undefined };
  });
}

/**
 * Sends an invitation that waits, or whose days are over, once more: its days begin anew, and the link of the earlier message no longer counts.
 * Fails with: not_found, forbidden, account_frozen, step_up_required, step_up_waiting, invitation_over, too_many_requests.
 */
export async function resendInvitation(actor: Actor, { storeId, invitationId }: { storeId: string; invitationId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId]);
    const { invitation, own } = await invitationToChange(tx, actor, { storeId, invitationId });
    await requireTeamStepUp(tx, actor, { role: own, makesAdmin: invitation.role === "admin" });
    await sendInvitation(tx, actor, { ...invitation, storeId });
    await recordAudit(tx, { action: "team.invitation_sent_again", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, newValues: { invitationId, role: invitation.role, phone: shownPhone(invitation.phone) } });
  });
}

/** Takes an invitation back; it never was a right, so nobody is asked for a second factor. Fails with: not_found, forbidden, invitation_over. */
export async function cancelInvitation(actor: Actor, { storeId, invitationId }: { storeId: string; invitationId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId]);
    const { invitation } = await invitationToChange(tx, actor, { storeId, invitationId });
    await tx.update(storeInvitations).set({ cancelledAt: sql`now()`, phone: null }).where(eq(storeInvitations.id, invitation.id));
    await recordAudit(tx, { action: "team.invitation_cancelled", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, oldValues: { invitationId, role: invitation.role } });
    await hintStore(tx, storeId);
  });
}

/** The unanswered invitation, for somebody with the right over its role. The team is locked. */
async function invitationToChange(tx: Tx, actor: Actor, { storeId, invitationId }: { storeId: string; invitationId: string }) {
  const least = await requirePermission(tx, actor, storeId, "team.manage_staff");
  const [invitation] = await tx
    .select({ id: storeInvitations.id, phone: storeInvitations.phone, role: storeInvitations.role, isUnanswered: sql<boolean>`${isUnanswered}` })
    .from(storeInvitations)
    .where(and(eq(storeInvitations.id, invitationId), eq(storeInvitations.storeId, storeId)));
  if (!invitation) throw new DomainError("not_found");
  const role = invitation.role as InvitedRole;
  const own = role === "admin" ? await requirePermission(tx, actor, storeId, rightOver(role)) : least;
  if (!invitation.isUnanswered || invitation.phone === null) throw new DomainError("invitation_over");
  return { invitation: { id: invitation.id, phone: invitation.phone, role }, own };
}

async function seatsOf(tx: Tx, storeId: string): Promise<number> {
  const [members] = await tx.select({ n: count() }).from(storeMembers).where(eq(storeMembers.storeId, storeId));
  const [open] = await tx.select({ n: count() }).from(storeInvitations).where(and(eq(storeInvitations.storeId, storeId), isUnanswered, sql`${storeInvitations.expiresAt} > now()`));
  return (members?.n ?? 0) + (open?.n ?? 0);
}

/** A new secret, a new week and the message that brings them, in the inviter's language. */
async function sendInvitation(tx: Tx, actor: Actor, { id, storeId, phone, role }: { id: string; storeId: string; phone: string; role: InvitedRole }): Promise<void> {
  await consumeLimit(tx, "team_invite_account", actor.userId);
  await consumeLimit(tx, "team_invite_phone", phone);
  const [store] = await tx.select({ name: stores.name }).from(stores).where(eq(stores.id, storeId));
  invariant(store, `store ${storeId} has members and no row`);
  const token = randomBytes(16).toString("base64url");
  await tx
    .update(storeInvitations)
    .set({ role, phone, phoneShown: shownPhone(phone), tokenHash: hashInvitationToken(token), invitedBy: actor.userId, sentAt: sql`now()`, expiresAt: sql`now() + make_interval(days => ${INVITATION_DAYS})` })
    .where(eq(storeInvitations.id, id));
  const link = new URL(paths.invitation(token), env().APP_URL).href;
  await queueMessage(tx, { to: phone, body: teamMessages(actor.locale).invited({ name: plainFirstName(actor.name), store: plainStoreName(store.name), link }) });
  await hintStore(tx, storeId);
}
