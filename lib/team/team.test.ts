import { beforeEach, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { markSteppedUp } from "@/lib/auth/step-up";
import { DomainError } from "@/lib/errors";
import { makeMember, makePerson, makeSession, makeStore } from "@/lib/test/factories";
import { acceptInvitation, declineInvitation } from "./answer-invitation";
import { changeRole, handOverStore, leaveTeam, removeMember } from "./change-member";
import { cancelInvitation, inviteMember, resendInvitation } from "./invite-member";
import { getInvitation, getTeam, invitationsFor } from "./queries";
import { removeOldInvitations } from "./remove-old-invitations";
import { requirePermission } from "./require-permission";
import type { InvitedRole } from "./rules";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
/** A session that signed with a passkey a moment ago. */
async function steppedUp(actor: Actor): Promise<Actor> {
  await db.transaction((tx) => markSteppedUp(tx, actor, "passkey"));
  return actor;
}
const messagesTo = async (phone: string) => (await sql<{ body: string }[]>`SELECT body FROM outgoing_messages WHERE to_phone = ${phone} ORDER BY id`).map(({ body }) => body);
const tokenTo = async (phone: string) => /\/invite\/([\w-]{22})$/.exec((await messagesTo(phone)).findLast((body) => body.includes("/invite/"))!)![1]!;
const noticesOf = async ({ userId }: Actor) => (await sql<{ kind: string }[]>`SELECT kind FROM notices WHERE user_id = ${userId} ORDER BY id`).map(({ kind }) => kind);
const rolesIn = async (storeId: string) => Object.fromEntries((await sql<{ user_id: string; role: string }[]>`SELECT user_id, role FROM store_members WHERE store_id = ${storeId}`).map(({ user_id, role }) => [user_id, role]));
const auditsIn = async (storeId: string) => (await sql<{ action: string }[]>`SELECT action FROM audit_logs WHERE resource_id = ${storeId} ORDER BY id`).map(({ action }) => action);
const invitationIn = async (storeId: string) => (await sql<{ id: string; phone: string | null; role: string }[]>`SELECT id, phone, role FROM store_invitations WHERE store_id = ${storeId} ORDER BY created_at DESC LIMIT 1`)[0]!;

let storeId: string;
let owner: Actor;
let admin: Actor;
let staff: Actor;
let outsider: Actor;
let guest: Actor;
beforeEach(async () => {
  ({ storeId, actor: owner } = await makeStore());
  admin = (await makeMember(storeId, "admin", { name: "João Vieira" })).actor;
  staff = (await makeMember(storeId, "staff", { name: "Bia Ramos" })).actor;
  outsider = (await makePerson({ name: "Rui" })).actor;
  guest = (await makePerson({ name: "Teca Lima" })).actor;
  for (const actor of [owner, admin, staff, outsider]) await steppedUp(actor);
});
const invite = (by: Actor, role: InvitedRole = "staff", phone = guest.phone) => inviteMember(by, { storeId, phone, country: "BR", role });
async function invited(role: InvitedRole = "staff") {
  await invite(owner, role);
  return tokenTo(guest.phone);
}

test("an invitation is a message, a page that says what it means, and a seat after the yes of that very phone", async () => {
  const token = await invited();
  const [message] = await messagesTo(guest.phone);
  expect(message).toMatch(/^CocoPay: Bia chama voce para a equipe de Cafe da Praia\. Ate 7 dias: http:\/\/localhost:3000\/invite\/[\w-]{22}$/);
  expect(message!.length).toBeLessThanOrEqual(160);
  expect(await getInvitation(token, null)).toMatchObject({ storeName: "Café da Praia", role: "staff", inviterName: "Bia", state: "open", visitor: "stranger", phoneEnd: guest.phone.slice(-2) });
  expect(await getInvitation(token, outsider)).toMatchObject({ visitor: "other" });
  expect(await getInvitation(token, guest)).toMatchObject({ visitor: "invited" });
  expect(await codeOf(acceptInvitation(outsider, { token }))).toBe("invitation_not_yours");
  // Invited and not accepted is a stranger.
  expect(await codeOf(requirePermission(db, guest, storeId, "till.use"))).toBe("not_found");
  expect(await acceptInvitation(guest, { token })).toEqual({ storeId });
  expect(await acceptInvitation(guest, { token })).toEqual({ storeId });
  expect((await rolesIn(storeId))[guest.userId]).toBe("staff");
  expect(await noticesOf(owner)).toEqual(["team_joined"]);
  expect(await invitationIn(storeId)).toMatchObject({ phone: null });
  expect(await getInvitation(token, guest)).toMatchObject({ visitor: "member" });
  expect(await auditsIn(storeId)).toEqual(expect.arrayContaining(["team.invited", "team.invitation_accepted"]));
});

test("the answer is the same for a phone that nobody has, and whoever signs up with it later finds the invitation", async () => {
  const unknown = "+5548998877001";
  expect(await invite(owner, "staff", unknown)).toEqual({ phoneShown: "+55 •••• 7001", isAgain: false });
  expect(await invite(owner)).toEqual({ phoneShown: `+55 •••• ${guest.phone.slice(-4)}`, isAgain: false });
  const newcomer = { ...(await makePerson()).actor, phone: unknown };
  const [mine] = await invitationsFor(newcomer);
  expect(mine).toMatchObject({ storeName: "Café da Praia", role: "staff", inviterName: "Bia" });
  // By id it is that phone's alone, for both answers.
  expect(await codeOf(acceptInvitation(outsider, { invitationId: mine!.id }))).toBe("not_found");
  expect(await codeOf(declineInvitation(outsider, { invitationId: mine!.id }))).toBe("not_found");
  await acceptInvitation(newcomer, { invitationId: mine!.id });
  expect(await invitationsFor(newcomer)).toEqual([]);
});

test("the same phone twice is one invitation with the role of now, and only the newest link counts", async () => {
  const first = await invited();
  expect(await invite(owner, "admin")).toMatchObject({ isAgain: true });
  const second = await tokenTo(guest.phone);
  expect(await codeOf(acceptInvitation(guest, { token: first }))).toBe("not_found");
  expect(await getInvitation(first, null)).toBeNull();
  expect((await getTeam(owner, storeId, { timeZone: "America/Sao_Paulo" })).invitations).toMatchObject([{ role: "admin", isExpired: false }]);
  // An admin must not weaken what an owner offered.
  expect(await codeOf(invite(admin, "staff"))).toBe("forbidden");
  await acceptInvitation(guest, { token: second });
  expect((await rolesIn(storeId))[guest.userId]).toBe("admin");
});

test("declined, cancelled, expired and used invitations are over, and say so", async () => {
  const declined = await invited();
  await declineInvitation({ ip: null, userAgent: null }, { token: declined });
  expect(await codeOf(acceptInvitation(guest, { token: declined }))).toBe("invitation_over");
  expect(await getInvitation(declined, guest)).toMatchObject({ state: "declined", visitor: "invited" });
  expect(await noticesOf(owner)).toEqual(["team_declined"]);
  const cancelled = await invited();
  const { id } = await invitationIn(storeId);
  await cancelInvitation(owner, { storeId, invitationId: id });
  expect(await codeOf(acceptInvitation(guest, { token: cancelled }))).toBe("invitation_over");
  expect(await codeOf(declineInvitation({ ip: null, userAgent: null }, { token: cancelled }))).toBe("invitation_over");
  expect(await codeOf(resendInvitation(owner, { storeId, invitationId: id }))).toBe("invitation_over");
  expect(await getInvitation(cancelled, null)).toMatchObject({ state: "cancelled" });
  const expired = await invited();
  await sql`UPDATE store_invitations SET expires_at = now() - interval '1 second' WHERE store_id = ${storeId} AND cancelled_at IS NULL AND declined_at IS NULL`;
  expect(await codeOf(acceptInvitation(guest, { token: expired }))).toBe("invitation_over");
  expect(await getInvitation(expired, null)).toMatchObject({ state: "expired" });
  await resendInvitation(owner, { storeId, invitationId: (await invitationIn(storeId)).id });
  await acceptInvitation(guest, { token: await tokenTo(guest.phone) });
  expect(await codeOf(invite(owner))).toBe("member_already");
  expect(await codeOf(inviteMember(owner, { storeId, phone: owner.phone, country: "BR", role: "staff" }))).toBe("member_already");
});

test("a number that never answered is forgotten, an answer is not", async () => {
  await acceptInvitation(guest, { token: await invited() });
  await inviteMember(owner, { storeId, phone: "+5548998877003", country: "BR", role: "staff" });
  await sql`UPDATE store_invitations SET expires_at = now() - interval '29 days' WHERE store_id = ${storeId}`;
  await removeOldInvitations();
  expect(await sql`SELECT 1 FROM store_invitations WHERE store_id = ${storeId}`).toHaveLength(2);
  await sql`UPDATE store_invitations SET expires_at = now() - interval '200 days' WHERE store_id = ${storeId}`;
  await removeOldInvitations();
  expect(await sql`SELECT accepted_by FROM store_invitations WHERE store_id = ${storeId}`).toEqual([{ accepted_by: guest.userId }]);
});

test("wrong numbers, too many messages and a full team are refused", async () => {
  expect(await codeOf(invite(owner, "staff", "123"))).toBe("phone_invalid");
  expect(await codeOf(invite(owner, "staff", "+819012345678"))).toBe("phone_country_unsupported");
  for (let count = 0; count < 5; count += 1) await invite(owner);
  expect(await codeOf(invite(owner))).toBe("too_many_requests");
  expect(await messagesTo(guest.phone)).toHaveLength(5);
  await sql`INSERT INTO store_invitations (id, store_id, phone_hash, phone_shown, role, token_hash, invited_by, expires_at) SELECT gen_random_uuid(), ${storeId}, 'h' || n, '••', 'staff', 't' || ${storeId} || n, ${owner.userId}, now() + interval '1 day' FROM generate_series(1, 57) AS n`;
  expect(await codeOf(invite(owner, "staff", "+5548998877002"))).toBe("team_full");
});

/** Every act of the team by everybody: what PRODUCT.md §6 says. A null is a success. */
const EVERYBODY = ["owner", "admin", "staff", "outsider"] as const;
type Who = (typeof EVERYBODY)[number];
const REFUSED = { staff: "forbidden", outsider: "not_found" } as const;
test.each([
  ["invites staff", (actor: Actor) => invite(actor, "staff"), { owner: null, admin: null, ...REFUSED }],
  ["invites an admin", (actor: Actor) => invite(actor, "admin"), { owner: null, admin: "forbidden", ...REFUSED }],
  ["cancels an invitation of staff", async (actor: Actor) => (await invite(owner), cancelInvitation(actor, { storeId, invitationId: (await invitationIn(storeId)).id })), { owner: null, admin: null, ...REFUSED }],
  ["cancels an invitation of an admin", async (actor: Actor) => (await invite(owner, "admin"), cancelInvitation(actor, { storeId, invitationId: (await invitationIn(storeId)).id })), { owner: null, admin: "forbidden", ...REFUSED }],
  ["sends an invitation of staff again", async (actor: Actor) => (await invite(owner), resendInvitation(actor, { storeId, invitationId: (await invitationIn(storeId)).id })), { owner: null, admin: null, ...REFUSED }],
  ["makes staff an admin", (actor: Actor) => changeRole(actor, { storeId, userId: staff.userId, role: "admin" }), { owner: null, admin: "forbidden", ...REFUSED }],
  ["makes an admin staff", (actor: Actor) => changeRole(actor, { storeId, userId: admin.userId, role: "staff" }), { owner: null, admin: "forbidden", ...REFUSED }],
  ["removes staff", async (actor: Actor) => removeMember(actor, { storeId, userId: (await makeMember(storeId, "staff")).actor.userId }), { owner: null, admin: null, ...REFUSED }],
  ["removes an admin", async (actor: Actor) => removeMember(actor, { storeId, userId: (await makeMember(storeId, "admin")).actor.userId }), { owner: null, admin: "forbidden", ...REFUSED }],
  ["removes the owner", (actor: Actor) => removeMember(actor, { storeId, userId: owner.userId }), { owner: "owner_must_stay", admin: "owner_must_stay", ...REFUSED }],
  ["changes the owner's role", (actor: Actor) => changeRole(actor, { storeId, userId: owner.userId, role: "staff" }), { owner: "owner_must_stay", admin: "forbidden", ...REFUSED }],
  ["leaves", (actor: Actor) => leaveTeam(actor, { storeId }), { owner: "owner_must_stay", admin: null, staff: null, outsider: "not_found" }],
  ["hands the store over", async (actor: Actor) => handOverStore(actor, { storeId, userId: (await makeMember(storeId, "staff")).actor.userId }), { owner: null, admin: "forbidden", ...REFUSED }],
  ["looks at the team", (actor: Actor) => getTeam(actor, storeId, { timeZone: "America/Sao_Paulo" }), { owner: null, admin: null, ...REFUSED }],
] as const)("who %s", async (_what, act, answers: Record<Who, string | null>) => {
  for (const who of EVERYBODY) {
    const actor = { owner, admin, staff, outsider }[who];
    const before = await rolesIn(storeId);
    expect([who, await codeOf(act(actor))]).toEqual([who, answers[who]]);
    if (answers[who] === "forbidden") expect((await sql`SELECT 1 FROM audit_logs WHERE action = 'permission.refused' AND user_id = ${actor.userId} AND resource_id = ${storeId}`).length).toBeGreaterThan(0);
    // Each begins with the team as it was.
    await sql`UPDATE store_invitations SET cancelled_at = now() WHERE store_id = ${storeId} AND num_nonnulls(accepted_at, declined_at, cancelled_at) = 0`;
    await sql`DELETE FROM rate_limits`;
    for (const [userId, role] of Object.entries(before)) await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${userId}, ${role}, now()) ON CONFLICT (store_id, user_id) DO UPDATE SET role = EXCLUDED.role`;
  }
});

test("nothing of one store's team moves by another store's owner", async () => {
  const other = await steppedUp((await makeStore()).actor);
  await invite(owner);
  const { id } = await invitationIn(storeId);
  const { storeId: theirs } = await makeStore();
  expect(await codeOf(removeMember(other, { storeId, userId: staff.userId }))).toBe("not_found");
  expect(await codeOf(cancelInvitation(other, { storeId, invitationId: id }))).toBe("not_found");
  expect(await codeOf(cancelInvitation(owner, { storeId: theirs, invitationId: id }))).toBe("not_found");
  const mine = await makeStore();
  expect(await codeOf(cancelInvitation(await steppedUp(mine.actor), { storeId: mine.storeId, invitationId: id }))).toBe("not_found");
  expect(await codeOf(removeMember(mine.actor, { storeId: mine.storeId, userId: staff.userId }))).toBe("member_gone");
});

test("a second factor stands before what admins change, before a new admin, and before everything from a new device", async () => {
  const fresh = async (actor: Actor, options = {}) => makeSession(actor, options);
  expect(await codeOf(invite(await fresh(admin)))).toBe("step_up_required");
  expect(await codeOf(removeMember(await fresh(admin), { storeId, userId: staff.userId }))).toBe("step_up_required");
  expect(await codeOf(invite(await fresh(owner), "admin"))).toBe("step_up_required");
  expect(await codeOf(changeRole(await fresh(owner), { storeId, userId: staff.userId, role: "admin" }))).toBe("step_up_required");
  expect(await codeOf(handOverStore(await fresh(owner), { storeId, userId: staff.userId }))).toBe("step_up_required");
  expect(await codeOf(invite(await fresh(owner, { limitedHours: 24 })))).toBe("step_up_required");
  expect(await codeOf(removeMember(await fresh(owner, { limitedHours: 24 }), { storeId, userId: staff.userId }))).toBe("step_up_required");
  expect(await rolesIn(storeId)).toEqual({ [owner.userId]: "owner", [admin.userId]: "admin", [staff.userId]: "staff" });
  // An owner on a known device invites and removes staff at once.
  await invite(await fresh(owner));
  await removeMember(await fresh(owner), { storeId, userId: staff.userId });
  await sql`UPDATE users SET frozen_at = now() WHERE id = ${owner.userId}`;
  expect(await codeOf(handOverStore(owner, { storeId, userId: admin.userId }))).toBe("account_frozen");
});

test("whoever is removed is told, is a stranger at the next request, and nobody joins on that word any more", async () => {
  await invite(admin);
  const token = await tokenTo(guest.phone);
  await removeMember(owner, { storeId, userId: admin.userId });
  expect(await codeOf(requirePermission(db, admin, storeId, "till.use"))).toBe("not_found");
  expect(await noticesOf(admin)).toEqual(["team_removed"]);
  expect((await messagesTo(admin.phone)).at(-1)).toContain("nao faz mais parte");
  expect(await codeOf(acceptInvitation(guest, { token }))).toBe("invitation_over");
  expect(await codeOf(removeMember(owner, { storeId, userId: admin.userId }))).toBe("member_gone");
});

test("a store that is handed over has one owner, and both are told", async () => {
  await handOverStore(owner, { storeId, userId: staff.userId });
  expect(await rolesIn(storeId)).toEqual({ [owner.userId]: "admin", [admin.userId]: "admin", [staff.userId]: "owner" });
  expect(await noticesOf(staff)).toEqual(["store_received"]);
  expect(await noticesOf(owner)).toEqual(["store_handed_over"]);
  expect(await auditsIn(storeId)).toContain("store.ownership_transferred");
  // Whoever was the owner is one no longer, at the next request.
  expect(await codeOf(requirePermission(db, owner, storeId, "payouts.manage"))).toBe("forbidden");
  await leaveTeam(owner, { storeId });
});
