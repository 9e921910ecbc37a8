import "server-only";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { shownPhone } from "@/lib/auth/phone";
import { dayKey } from "@/lib/money-format";
import { hashInvitationToken, invitedPhoneHash } from "./invite-member";
import { requirePermission } from "./require-permission";
import { invitationState, type InvitationState, type InvitedRole, type Role } from "./rules";

const DAY_MS = 86_400_000;

export type Seen = "today" | "week" | "earlier" | "never";

export type Member = {
  userId: string;
  name: string | null;
  /** The end of the number, enough to tell two people of one name apart. */
  phoneShown: string;
  role: Role;
  since: Date;
  seen: Seen;
  isYou: boolean;
  pin: "none" | "set" | "locked";
  /** Sells at a shared till now. */
  isAtTill: boolean;
};

export type WaitingInvitation = { id: string; phoneShown: string; role: InvitedRole; inviterName: string | null; sentAt: Date; expiresAt: Date; isExpired: boolean };

/** The team's page: members by role and time, and the invitations that nobody answered. Fails with not_found, forbidden. */
export async function getTeam(actor: Actor, storeId: string, { timeZone }: { timeZone: string }, now = new Date()): Promise<{ role: Role; members: Member[]; invitations: WaitingInvitation[] }> {
  const role = await requirePermission(db, actor, storeId, "team.view");
  type Row = Omit<Member, "phoneShown" | "seen" | "isYou"> & { phone: string; seenAt: Date | null };
  const [members, invitations] = await Promise.all([
    sql<Row[]>`
      SELECT m.user_id AS "userId", nullif(btrim(u.name), '') AS name, u.phone, m.role, m.accepted_at AS since,
        greatest(u.last_active_at, (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id)) AS "seenAt",
        CASE WHEN p.user_id IS NULL THEN 'none' WHEN p.locked_at IS NOT NULL THEN 'locked' ELSE 'set' END AS pin,
        EXISTS (SELECT FROM till_sittings t JOIN shared_tills d ON d.session_id = t.session_id
          WHERE t.store_id = m.store_id AND t.user_id = m.user_id AND t.ended_at IS NULL AND t.last_used_at > now() - make_interval(mins => d.idle_minutes)) AS "isAtTill"
      FROM store_members m JOIN users u ON u.id = m.user_id LEFT JOIN store_pins p ON p.store_id = m.store_id AND p.user_id = m.user_id
      WHERE m.store_id = ${storeId} AND m.accepted_at IS NOT NULL
      ORDER BY array_position(ARRAY['owner', 'admin', 'staff'], m.role::text), m.accepted_at, m.id`,
    sql<Omit<WaitingInvitation, "isExpired">[]>`
      SELECT i.id, i.phone_shown AS "phoneShown", i.role, nullif(split_part(btrim(u.name), ' ', 1), '') AS "inviterName", i.sent_at AS "sentAt", i.expires_at AS "expiresAt"
      FROM store_invitations i JOIN users u ON u.id = i.invited_by
      WHERE i.store_id = ${storeId} AND num_nonnulls(i.accepted_at, i.declined_at, i.cancelled_at) = 0 ORDER BY i.sent_at DESC`,
  ]);
  return {
    role,
    members: members.map(({ phone, seenAt, ...member }) => ({ ...member, phoneShown: shownPhone(phone), seen: seenOf(seenAt, now, timeZone), isYou: member.userId === actor.userId })),
    invitations: invitations.map((invitation) => ({ ...invitation, isExpired: invitation.expiresAt <= now })),
  };
}

/** When somebody was here last, no more exactly than colleagues need: an hour would be surveillance. */
function seenOf(at: Date | null, now: Date, timeZone: string): Seen {
  if (!at) return "never";
  if (dayKey(at, timeZone) === dayKey(now, timeZone)) return "today";
  return at.getTime() > now.getTime() - 7 * DAY_MS ? "week" : "earlier";
}

export type InvitationPage = {
  storeId: string;
  storeName: string;
  /** What the store's tile is drawn from. */
  qrVersion: number;
  role: InvitedRole;
  /** First name of who invited; null when they gave none. */
  inviterName: string | null;
  state: InvitationState;
  /** Digits enough to know the own phone, too few to learn another's. */
  phoneEnd: string;
  /** Who looks: nobody signed in, another phone, the invited one, or somebody who is in the team already. */
  visitor: "stranger" | "other" | "invited" | "member";
};

/** The page behind the link of an invitation. Null for a link that never was one, or that a newer message replaced. */
export async function getInvitation(token: string, actor: Actor | null, now = new Date()): Promise<InvitationPage | null> {
  type Row = { storeId: string; storeName: string; qrVersion: number; role: InvitedRole; inviterName: string | null; phoneHash: string; phoneShown: string; acceptedAt: Date | null; declinedAt: Date | null; cancelledAt: Date | null; expiresAt: Date; isMember: boolean };
  const [row] = await sql<Row[]>`
    SELECT i.store_id AS "storeId", s.name AS "storeName", coalesce(s.qr_version, 1) AS "qrVersion", i.role, nullif(split_part(btrim(u.name), ' ', 1), '') AS "inviterName",
      i.phone_hash AS "phoneHash", i.phone_shown AS "phoneShown", i.accepted_at AS "acceptedAt", i.declined_at AS "declinedAt", i.cancelled_at AS "cancelledAt", i.expires_at AS "expiresAt",
      EXISTS (SELECT FROM store_members m WHERE m.store_id = i.store_id AND m.user_id = ${actor?.userId ?? null} AND m.accepted_at IS NOT NULL) AS "isMember"
    FROM store_invitations i JOIN stores s ON s.id = i.store_id JOIN users u ON u.id = i.invited_by WHERE i.token_hash = ${hashInvitationToken(token)}`;
  if (!row) return null;
  const { phoneHash, phoneShown, isMember, acceptedAt, declinedAt, cancelledAt, expiresAt, ...page } = row;
  const visitor = !actor ? "stranger" : isMember ? "member" : phoneHash === invitedPhoneHash(actor.phone) ? "invited" : "other";
  return { ...page, state: invitationState({ acceptedAt, declinedAt, cancelledAt, expiresAt }, now), phoneEnd: phoneShown.slice(-2), visitor };
}

export type MyInvitation = { id: string; storeId: string; storeName: string; qrVersion: number; role: InvitedRole; inviterName: string | null; expiresAt: Date };

/** Invitations that wait for the very phone that this person signed in with, newest first. */
export async function invitationsFor(actor: Actor): Promise<MyInvitation[]> {
  return sql<MyInvitation[]>`
    SELECT i.id, i.store_id AS "storeId", s.name AS "storeName", coalesce(s.qr_version, 1) AS "qrVersion", i.role, nullif(split_part(btrim(u.name), ' ', 1), '') AS "inviterName", i.expires_at AS "expiresAt"
    FROM store_invitations i JOIN stores s ON s.id = i.store_id JOIN users u ON u.id = i.invited_by
    WHERE i.phone_hash = ${invitedPhoneHash(actor.phone)} AND num_nonnulls(i.accepted_at, i.declined_at, i.cancelled_at) = 0 AND i.expires_at > now()
      AND NOT EXISTS (SELECT FROM store_members m WHERE m.store_id = i.store_id AND m.user_id = ${actor.userId} AND m.accepted_at IS NOT NULL)
    ORDER BY i.sent_at DESC LIMIT 20`;
}

/** A member's own seat: role, and how the own PIN stands. Fails with not_found, forbidden. */
export async function getSeat(actor: Actor, storeId: string): Promise<{ role: Role; pin: Member["pin"] }> {
  const role = await requirePermission(db, actor, storeId, "pin.set");
  const [row] = await sql<{ isLocked: boolean }[]>`SELECT locked_at IS NOT NULL AS "isLocked" FROM store_pins WHERE store_id = ${storeId} AND user_id = ${actor.userId}`;
  return { role, pin: row ? (row.isLocked ? "locked" : "set") : "none" };
}
