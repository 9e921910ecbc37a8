import "server-only";
import { and, eq, isNotNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeMembers, stores } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { hintPerson } from "@/lib/live/hint-person";
import { hintStore } from "@/lib/live/hint-store";
import { notify } from "@/lib/notifications/notify";
import { warnPerson } from "@/lib/notifications/warn-person";
import { endSeat, endSittings, withdrawInvitations } from "./end-seat";
import { lockTeam, requireTeamStepUp } from "./lock-team";
import { requirePermission } from "./require-permission";
import { can, rightOver, type InvitedRole, type Role } from "./rules";
import { transferOwnership } from "./transfer-ownership";

type Target = { storeId: string; userId: string };

/**
 * Makes staff an admin or an admin staff; only an owner may. The person is told, and their open pages have the rights of now.
 * Fails with: not_found, forbidden, member_gone, owner_must_stay, account_frozen, step_up_required, step_up_waiting.
 */
export async function changeRole(actor: Actor, { storeId, userId, role }: Target & { role: InvitedRole }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId, userId]);
    const own = await requirePermission(tx, actor, storeId, "team.manage_admins");
    const member = await memberOf(tx, { storeId, userId });
    if (member.role === "owner") throw new DomainError("owner_must_stay");
    if (member.role === role) return;
    await requireTeamStepUp(tx, actor, { role: own, makesAdmin: role === "admin" });
    await tx.update(storeMembers).set({ role }).where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, userId)));
    if (!can(role, "team.manage_staff")) {
      await withdrawInvitations(tx, { storeId, userId });
      await endSittings(tx, { storeId, userId });
    }
    await recordAudit(tx, { action: "team.role_changed", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, oldValues: { memberId: userId, role: member.role }, newValues: { memberId: userId, role } });
    await warnPerson(tx, { userId, kind: "team_role_changed", data: { store: member.storeName, role } });
    await hintStore(tx, storeId);
  });
}

/**
 * Takes somebody out of the team: staff by owners and admins, admins by owners alone. It works at the person's next request, and their open screens
 * of the store close.
 * Fails with: not_found, forbidden, member_gone, owner_must_stay, account_frozen, step_up_required, step_up_waiting (admins).
 */
export async function removeMember(actor: Actor, { storeId, userId }: Target): Promise<void> {
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId, userId]);
    const least = await requirePermission(tx, actor, storeId, "team.manage_staff");
    const member = await memberOf(tx, { storeId, userId });
    if (member.role === "owner") throw new DomainError("owner_must_stay");
    const own = member.role === "admin" ? await requirePermission(tx, actor, storeId, rightOver(member.role)) : least;
    await requireTeamStepUp(tx, actor, { role: own });
    await endSeat(tx, { storeId, userId, endedBy: actor.userId });
    await recordAudit(tx, { action: "team.member_removed", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, oldValues: { memberId: userId, role: member.role } });
    await recordEvent(tx, { name: "member_removed", userId: actor.userId, sessionId: actor.sessionId, properties: { store_id: storeId, role: member.role } });
    await warnPerson(tx, { userId, kind: "team_removed", data: { store: member.storeName } });
    await hintStore(tx, storeId);
  });
}

/** Goes. An owner hands the store over first. Fails with: not_found, forbidden (a shared till), owner_must_stay. */
export async function leaveTeam(actor: Actor, { storeId }: { storeId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId]);
    const role = await requirePermission(tx, actor, storeId, "team.leave").catch((error: unknown) => {
      // At a shared till everybody is staff: nobody leaves from there.
      if (error instanceof DomainError && error.code === "forbidden" && error.details["role"] === "owner") throw new DomainError("owner_must_stay");
      throw error;
    });
    const { storeName } = await memberOf(tx, { storeId, userId: actor.userId });
    await endSeat(tx, { storeId, userId: actor.userId, endedBy: actor.userId });
    await recordAudit(tx, { action: "team.member_left", userId: actor.userId, resourceType: "store", resourceId: storeId, ip: actor.ip, userAgent: actor.userAgent, oldValues: { memberId: actor.userId, role } });
    await recordEvent(tx, { name: "member_removed", userId: actor.userId, sessionId: actor.sessionId, properties: { store_id: storeId, role, is_own_wish: true } });
    for (const ownerId of await ownersOf(tx, storeId)) await notify(tx, { userId: ownerId, kind: "team_left", data: { store: storeName, name: actor.name?.trim().split(/\s+/, 1)[0] ?? "" } });
    await hintStore(tx, storeId);
    await hintPerson(tx, actor.userId);
  });
}

/**
 * Hands the store over to a member, at once; its former owner stays as admin. Both are told by every channel. The store's money is in the store's own
 * account and goes nowhere.
 * Fails with: not_found, forbidden, member_gone, member_already (the own account), account_frozen, step_up_required, step_up_waiting.
 */
export async function handOverStore(actor: Actor, { storeId, userId }: Target): Promise<void> {
  await db.transaction(async (tx) => {
    await lockTeam(tx, storeId, [actor.userId, userId]);
    const own = await requirePermission(tx, actor, storeId, "ownership.transfer");
    if (userId === actor.userId) throw new DomainError("member_already");
    const member = await memberOf(tx, { storeId, userId });
    await requireTeamStepUp(tx, actor, { role: own, makesAdmin: true });
    await transferOwnership(tx, { storeId, fromUserId: actor.userId, toUserId: userId });
    await recordEvent(tx, { name: "ownership_transferred", userId: actor.userId, sessionId: actor.sessionId, properties: { store_id: storeId } });
    await warnPerson(tx, { userId, kind: "store_received", data: { store: member.storeName } });
    await warnPerson(tx, { userId: actor.userId, kind: "store_handed_over", data: { store: member.storeName } });
    await hintStore(tx, storeId);
  });
}

async function memberOf(tx: Tx, { storeId, userId }: Target): Promise<{ role: Role; storeName: string }> {
  const [member] = isId(userId)
    ? await tx
        .select({ role: storeMembers.role, storeName: stores.name })
        .from(storeMembers)
        .innerJoin(stores, eq(stores.id, storeMembers.storeId))
        .where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, userId), isNotNull(storeMembers.acceptedAt)))
    : [];
  if (!member) throw new DomainError("member_gone");
  return member;
}

async function ownersOf(tx: Tx, storeId: string): Promise<string[]> {
  const rows = await tx.select({ userId: storeMembers.userId }).from(storeMembers).where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.role, "owner"), isNotNull(storeMembers.acceptedAt)));
  return rows.map(({ userId }) => userId);
}
