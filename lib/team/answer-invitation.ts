import "server-only";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeInvitations, storeMembers, stores } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor, Visitor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId, newId } from "@/lib/ids";
import { hintPerson } from "@/lib/live/hint-person";
import { hintStore } from "@/lib/live/hint-store";
import { notify } from "@/lib/notifications/notify";
import { hashInvitationToken, invitedPhoneHash } from "./invite-member";
import { lockTeam } from "./lock-team";
import { invitationState } from "./rules";

/** By the secret of the message, or by the id that a signed-in person's own list shows. */
export type InvitationRef = { token: string } | { invitationId: string };

/**
 * Joins the team, signed in with the very phone that was invited; the link alone is not enough. Accepting again answers the same store.
 * Fails with: not_found, invitation_not_yours (another phone), invitation_over (expired, cancelled, declined), member_already.
 */
export async function acceptInvitation(actor: Actor, ref: InvitationRef): Promise<{ storeId: string }> {
  return db.transaction(async (tx) => {
    const { invitation, state } = await lockInvitation(tx, ref, [actor.userId]);
    const { storeId, role } = invitation;
    if (invitation.phoneHash !== invitedPhoneHash(actor.phone)) throw new DomainError("token" in ref ? "invitation_not_yours" : "not_found");
    const [member] = await tx.select({ role: storeMembers.role }).from(storeMembers).where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, actor.userId), isNotNull(storeMembers.acceptedAt)));
    if (state === "accepted" && invitation.acceptedBy === actor.userId && member) return { storeId };
    if (state !== "open") throw new DomainError("invitation_over");
    if (member) throw new DomainError("member_already");
    const joined = { role, invitedBy: invitation.invitedBy, invitedAt: invitation.sentAt, acceptedAt: sql`now()` };
    await tx.insert(storeMembers).values({ id: newId(), storeId, userId: actor.userId, ...joined }).onConflictDoUpdate({ target: [storeMembers.storeId, storeMembers.userId], set: joined });
    await tx.update(storeInvitations).set({ acceptedAt: sql`now()`, acceptedBy: actor.userId, phone: null }).where(eq(storeInvitations.id, invitation.id));
    await recordAudit(tx, { action: "team.invitation_accepted", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, newValues: { invitationId: invitation.id, role } });
    await recordEvent(tx, { name: "member_joined", userId: actor.userId, sessionId: actor.sessionId, properties: { store_id: storeId, role } });
    await notify(tx, { userId: invitation.invitedBy, kind: "team_joined", data: { store: invitation.storeName, name: firstNameOf(actor.name) } });
    await hintStore(tx, storeId);
    await hintPerson(tx, actor.userId);
    return { storeId };
  });
}

/**
 * Says no. The secret proves that the phone was reached; an account is not needed for a no. By id it is the person's whose phone was invited.
 * Fails with: not_found, invitation_over.
 */
export async function declineInvitation(who: Actor | Pick<Visitor, "ip" | "userAgent">, ref: InvitationRef): Promise<void> {
  await db.transaction(async (tx) => {
    const { invitation, state } = await lockInvitation(tx, ref, "userId" in who ? [who.userId] : []);
    const isTheirs = "token" in ref || ("phone" in who && invitation.phoneHash === invitedPhoneHash(who.phone));
    if (!isTheirs) throw new DomainError("not_found");
    if (state !== "open") throw new DomainError("invitation_over");
    await tx.update(storeInvitations).set({ declinedAt: sql`now()`, phone: null }).where(eq(storeInvitations.id, invitation.id));
    await recordAudit(tx, { action: "team.invitation_declined", userId: "userId" in who ? who.userId : null, resourceType: "store", resourceId: invitation.storeId, ip: who.ip, userAgent: who.userAgent, newValues: { invitationId: invitation.id } });
    await notify(tx, { userId: invitation.invitedBy, kind: "team_declined", data: { store: invitation.storeName, phone: invitation.phoneShown } });
    await hintStore(tx, invitation.storeId);
  });
}

const firstNameOf = (name: string | null): string => name?.trim().split(/\s+/, 1)[0] ?? "";

/** Finds the invitation, makes the team's changes queue behind this one, and reads it as it is then. */
async function lockInvitation(tx: Tx, ref: InvitationRef, userIds: readonly string[]) {
  if ("invitationId" in ref && !isId(ref.invitationId)) throw new DomainError("not_found");
  const which = "token" in ref ? eq(storeInvitations.tokenHash, hashInvitationToken(ref.token)) : eq(storeInvitations.id, ref.invitationId);
  const [found] = await tx.select({ storeId: storeInvitations.storeId, invitedBy: storeInvitations.invitedBy }).from(storeInvitations).where(which);
  if (!found) throw new DomainError("not_found");
  await lockTeam(tx, found.storeId, [...userIds, found.invitedBy]);
  const [row] = await tx
    .select({ invitation: storeInvitations, storeName: stores.name, now: sql<string>`now()` })
    .from(storeInvitations)
    .innerJoin(stores, eq(stores.id, storeInvitations.storeId))
    .where(which);
  // Another message was sent in between: this link no longer counts.
  if (!row) throw new DomainError("not_found");
  return { invitation: { ...row.invitation, storeName: row.storeName }, state: invitationState(row.invitation, new Date(row.now)) };
}
