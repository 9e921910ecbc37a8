import { expect, test } from "vitest";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { markSteppedUp } from "@/lib/auth/step-up";
import { recordVisit } from "@/lib/auth/find-session";
import { startSessionRow } from "@/lib/auth/start-session-row";
import { DomainError } from "@/lib/errors";
import { makePerson, makeStore } from "@/lib/test/factories";
import { acceptBackup, declineBackup } from "./answer-backup";
import { askBackup } from "./ask-backup";
import { claimStores } from "./claim-stores";
import { completeClaims } from "./complete-claims";
import { getBackupInvitation, getClaimPage, getRecovery } from "./queries";
import { removeBackup, withdrawAsBackup } from "./remove-backup";
import { watchAbsences } from "./watch-absences";

const DAY_MS = 86_400_000;
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
const noticesOf = async ({ userId }: Actor) => (await sql<{ kind: string }[]>`SELECT kind FROM notices WHERE user_id = ${userId} ORDER BY id`).map(({ kind }) => kind);
const auditsOf = async (action: string, userId: string) => (await sql`SELECT 1 FROM audit_logs WHERE action = ${action} AND user_id = ${userId}`).length;
const tokenTo = async (phone: string) => /\/backup\/([\w-]{22})$/.exec((await messagesTo(phone)).findLast((body) => body.includes("/backup/"))!)![1]!;
const rolesIn = async (storeId: string) => Object.fromEntries((await sql<{ user_id: string; role: string }[]>`SELECT user_id, role FROM store_members WHERE store_id = ${storeId}`).map(({ user_id, role }) => [user_id, role]));
const away = (actor: Actor, days: number, now = new Date()) => sql`UPDATE users SET last_active_at = ${new Date(now.getTime() - days * DAY_MS)} WHERE id = ${actor.userId}`;
const requestOf = async ({ userId }: Actor) => (await sql<{ id: string }[]>`SELECT id FROM backup_requests WHERE user_id = ${userId} ORDER BY created_at DESC LIMIT 1`)[0]!.id;

/** A store whose owner named a backup, who said yes. */
async function makeBackedStore() {
  const store = await makeStore();
  const backup = (await makePerson({ name: "Davi Lima" })).actor;
  await askBackup(await steppedUp(store.actor), { phone: backup.phone, country: "BR" });
  await acceptBackup(backup, await tokenTo(backup.phone));
  return { storeId: store.storeId, owner: store.actor, backup, requestId: await requestOf(store.actor) };
}
async function addMember(storeId: string, role: "owner" | "admin" | "staff") {
  const { actor } = await makePerson({ name: "Rita" });
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${actor.userId}, ${role}, now())`;
  return actor;
}
/** Looks on three mornings, as the schedule does. */
async function warnThrice(now = new Date()) {
  for (const _day of [60, 75, 90]) await watchAbsences(now);
}

test("naming a backup asks for a second factor first, and sends nothing without", async () => {
  const { actor } = await makePerson();
  expect(await codeOf(askBackup(actor, { phone: "+5548999990001", country: "BR" }))).toBe("step_up_required");
  expect(await messagesTo("+5548999990001")).toEqual([]);
  expect(await getRecovery(actor)).toMatchObject({ backup: null });
});

test("the own phone, a landline and half a number are refused", async () => {
  const { actor } = await makePerson();
  await steppedUp(actor);
  expect(await codeOf(askBackup(actor, { phone: actor.phone, country: "BR" }))).toBe("backup_invalid");
  expect(await codeOf(askBackup(actor, { phone: "(48) 3222-1234", country: "BR" }))).toBe("phone_invalid");
  expect(await codeOf(askBackup(actor, { phone: "48 9999", country: "BR" }))).toBe("phone_invalid");
});

test("a phone with an account and one without get the same, and the asking page cannot tell them apart", async () => {
  const known = (await makePerson()).actor.phone;
  const answers = [];
  for (const phone of [known, "+5548999990002"]) {
    const { actor } = await makePerson({ name: "Marina Souza" });
    await steppedUp(actor);
    await askBackup(actor, { phone, country: "BR" });
    const { backup } = await getRecovery(actor);
    answers.push({ status: backup?.status, body: (await messagesTo(phone)).at(-1)!.replace(/[\w-]{22}$/, "…") });
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toEqual({ status: "asked", body: "CocoPay: Marina quer seu celular como reserva. Veja o que significa: http://localhost:3000/backup/…" });
});

test("only the hash of the link's token is kept, and the trail has no whole number", async () => {
  const { actor } = await makePerson();
  await steppedUp(actor);
  await askBackup(actor, { phone: "+5548999990003", country: "BR" });
  const token = await tokenTo("+5548999990003");
  expect(await sql`SELECT 1 FROM backup_requests WHERE token_hash = ${token}`).toHaveLength(0);
  const trail = JSON.stringify(await sql`SELECT * FROM audit_logs WHERE user_id = ${actor.userId}`);
  expect(trail).not.toContain("5548999990003");
  expect(trail).not.toContain(token);
});

test("consent: another phone can't accept, the asked one can, once, and both are told", async () => {
  const { actor: owner } = await makePerson({ name: "Marina Souza" });
  const { actor: backup } = await makePerson({ name: "Davi" });
  const { actor: other } = await makePerson();
  await steppedUp(owner);
  await askBackup(owner, { phone: backup.phone, country: "BR" });
  const token = await tokenTo(backup.phone);
  expect(await getBackupInvitation(token, null)).toEqual({ name: "Marina", phoneEnd: backup.phone.slice(-2), isThisPhone: null });
  expect(await getBackupInvitation(token, other)).toMatchObject({ isThisPhone: false });
  expect(await codeOf(acceptBackup(other, token))).toBe("not_found");
  expect(await codeOf(acceptBackup(owner, token))).toBe("not_found");
  await acceptBackup(backup, token);
  expect(await codeOf(acceptBackup(backup, token))).toBe("not_found");
  expect(await sql`SELECT backup_owner_phone FROM users WHERE id = ${owner.userId}`).toEqual([{ backup_owner_phone: backup.phone }]);
  expect(await noticesOf(owner)).toEqual(["backup_named"]);
  expect((await messagesTo(backup.phone)).at(-1)).toContain("reserva de Marina");
  expect(await codeOf(askBackup(owner, { phone: "+5548999990004", country: "BR" }))).toBe("backup_pending");
});

test("a no needs no account, and an old or unknown link answers nobody", async () => {
  const { actor } = await makePerson();
  await steppedUp(actor);
  const stranger = { ip: null, userAgent: null };
  await askBackup(actor, { phone: "+5548999990005", country: "BR" });
  const token = await tokenTo("+5548999990005");
  expect(await codeOf(declineBackup(stranger, `${token.slice(0, -2)}zz`))).toBe("not_found");
  await declineBackup(stranger, token);
  expect(await getRecovery(actor)).toMatchObject({ backup: { status: "declined" } });
  expect(await codeOf(declineBackup(stranger, token))).toBe("not_found");

  await askBackup(actor, { phone: "+5548999990005", country: "BR" });
  await sql`UPDATE backup_requests SET expires_at = now() - interval '1 minute' WHERE user_id = ${actor.userId} AND status = 'asked'`;
  expect(await codeOf(declineBackup(stranger, await tokenTo("+5548999990005")))).toBe("not_found");
  expect(await getRecovery(actor)).toMatchObject({ backup: { status: "expired" } });
  await askBackup(actor, { phone: "+5548999990006", country: "BR" });
});

test("two requests at once leave one, and one phone gets three a day at most", async () => {
  const { actor } = await makePerson();
  await steppedUp(actor);
  const both = await Promise.all([codeOf(askBackup(actor, { phone: "+5548999990007", country: "BR" })), codeOf(askBackup(actor, { phone: "+5548999990007", country: "BR" }))]);
  expect(both.toSorted()).toEqual(["backup_pending", null]);
  const codes = [];
  for (let index = 0; index < 3; index += 1) {
    const { actor: next } = await makePerson();
    await steppedUp(next);
    codes.push(await codeOf(askBackup(next, { phone: "+5548999990007", country: "BR" })));
  }
  expect(codes).toEqual([null, null, "too_many_requests"]);
});

test("the person can remove the backup and the backup can leave; the other one is told each time", async () => {
  const first = await makeBackedStore();
  await removeBackup(first.owner);
  expect(await sql`SELECT backup_owner_phone FROM users WHERE id = ${first.owner.userId}`).toEqual([{ backup_owner_phone: null }]);
  expect((await messagesTo(first.backup.phone)).at(-1)).toContain("nao e mais");
  const second = await makeBackedStore();
  expect(await codeOf(withdrawAsBackup(first.backup, second.requestId))).toBe("not_found");
  await withdrawAsBackup(second.backup, second.requestId);
  expect(await noticesOf(second.owner)).toContain("backup_removed");
  expect(await codeOf(removeBackup(second.owner))).toBe("not_found");
});

test("an absence warns on days 60, 75 and 90, each once, on every channel; on day 90 the backup learns it", async () => {
  const { owner, backup, storeId, requestId } = await makeBackedStore();
  const start = Date.now();
  await sql`UPDATE users SET last_active_at = ${new Date(start)} WHERE id = ${owner.userId}`;
  const on = (day: number, hours = 0) => new Date(start + day * DAY_MS + hours * 3_600_000);
  const before = (await messagesTo(owner.phone)).length;
  const told = async () => [(await noticesOf(owner)).filter((kind) => kind.startsWith("inactivity")).length, (await messagesTo(owner.phone)).length - before];

  await watchAbsences(on(59, 23));
  expect(await told()).toEqual([0, 0]);
  for (const [day, count] of [[60, 1], [61, 1], [74, 1], [75, 2], [89, 2]] as const) {
    await watchAbsences(on(day, 1));
    await watchAbsences(on(day, 2));
    expect([day, await told()]).toEqual([day, [count, count]]);
    expect(await codeOf(claimStores(backup, requestId, on(day, 3)))).toBe("claim_not_open");
  }
  expect(await noticesOf(backup)).not.toContain("backup_may_claim");
  await Promise.all([watchAbsences(on(90, 1)), watchAbsences(on(90, 1))]);
  expect(await told()).toEqual([3, 3]);
  expect((await noticesOf(owner)).slice(-3)).toEqual(["inactivity_60", "inactivity_75", "inactivity_90"]);
  expect((await noticesOf(backup)).filter((kind) => kind === "backup_may_claim")).toHaveLength(1);
  expect(await auditsOf("recovery.warned", owner.userId)).toBe(3);
  expect(await getClaimPage(backup, requestId, on(90, 2))).toMatchObject({ name: "Bia", claimable: ["Café da Praia"], claimed: [] });
  expect(await rolesIn(storeId)).toEqual({ [owner.userId]: "owner" });
});

test("who was never looked at gets every warning in its order before anything can be claimed", async () => {
  const { owner, backup, requestId } = await makeBackedStore();
  await away(owner, 200);
  for (const kinds of [["inactivity_60"], ["inactivity_60", "inactivity_75"]]) {
    await watchAbsences(new Date());
    expect((await noticesOf(owner)).filter((kind) => kind.startsWith("inactivity"))).toEqual(kinds);
    expect(await codeOf(claimStores(backup, requestId))).toBe("claim_not_open");
  }
  await watchAbsences(new Date());
  expect(await codeOf(claimStores(backup, requestId))).toBeNull();
});

test("no backup, an unanswered request, and a person without a store make no absence", async () => {
  const store = await makeStore();
  const { actor: alone } = await makePerson();
  await askBackup(await steppedUp(store.actor), { phone: "+5548999990010", country: "BR" });
  const { actor: backup } = await makePerson();
  await askBackup(await steppedUp(alone), { phone: backup.phone, country: "BR" });
  await acceptBackup(backup, await tokenTo(backup.phone));
  await away(store.actor, 100);
  await away(alone, 100);
  await warnThrice();
  expect(await sql`SELECT 1 FROM recovery_claims WHERE user_id IN (${store.actor.userId}, ${alone.userId})`).toHaveLength(0);
});

test("each store counts by itself: another admin who was there keeps that store, staff do not", async () => {
  const { owner, backup, storeId, requestId } = await makeBackedStore();
  const second = await makeStore();
  await sql`UPDATE store_members SET user_id = ${owner.userId} WHERE store_id = ${second.storeId}`;
  const admin = await addMember(second.storeId, "admin");
  await addMember(storeId, "staff");
  await away(owner, 95);
  await away(admin, 20);
  await warnThrice();
  expect(await sql`SELECT store_id FROM recovery_claims WHERE user_id = ${owner.userId}`).toEqual([{ store_id: storeId }]);
  await claimStores(backup, requestId);
  await completeClaims(new Date(Date.now() + 8 * DAY_MS));
  expect((await rolesIn(storeId))[backup.userId]).toBe("owner");
  expect(await rolesIn(second.storeId)).toEqual({ [owner.userId]: "owner", [admin.userId]: "admin" });
});

test("an absent admin is asked too, and coming back keeps the store", async () => {
  const { owner, storeId, backup, requestId } = await makeBackedStore();
  const admin = await addMember(storeId, "admin");
  await away(owner, 95);
  await away(admin, 92);
  await warnThrice();
  expect((await messagesTo(admin.phone)).filter((body) => body.includes("ninguem que cuida"))).toHaveLength(3);
  await claimStores(backup, requestId);
  expect((await messagesTo(admin.phone)).at(-1)).toContain("pediu a loja");
  await recordVisit(admin, null);
  expect(await codeOf(claimStores(backup, requestId))).toBe("claim_not_open");
  await completeClaims(new Date(Date.now() + 8 * DAY_MS));
  expect(await rolesIn(storeId)).toEqual({ [owner.userId]: "owner", [admin.userId]: "admin" });
});

test("being back before a claim ends the absence quietly, and the next one counts anew", async () => {
  const { owner, backup } = await makeBackedStore();
  await away(owner, 76);
  await watchAbsences(new Date());
  await watchAbsences(new Date());
  const told = [(await noticesOf(owner)).length, (await messagesTo(owner.phone)).length, (await messagesTo(backup.phone)).length];
  await recordVisit(owner, null);
  expect(await sql`SELECT cancelled_at IS NOT NULL AS over FROM recovery_claims WHERE user_id = ${owner.userId}`).toEqual([{ over: true }]);
  await watchAbsences(new Date());
  expect([(await noticesOf(owner)).length, (await messagesTo(owner.phone)).length, (await messagesTo(backup.phone)).length]).toEqual(told);
  await watchAbsences(new Date(Date.now() + 61 * DAY_MS));
  expect((await noticesOf(owner)).filter((kind) => kind === "inactivity_60")).toHaveLength(2);
});

test("a claim waits seven days and is done then: the backup owns, the former owner is admin, both are told", async () => {
  const { owner, backup, storeId, requestId } = await makeBackedStore();
  await away(owner, 91);
  await warnThrice();
  const { actor: stranger } = await makePerson();
  expect(await codeOf(claimStores(stranger, requestId))).toBe("not_found");
  const now = new Date();
  await claimStores(backup, requestId, now);
  expect(await codeOf(claimStores(backup, requestId, now))).toBe("claim_not_open");
  expect(await noticesOf(owner)).toContain("recovery_claimed");
  const jobs = await sql<{ run_at: Date }[]>`SELECT run_at FROM graphile_worker.jobs WHERE task_identifier = 'recovery.complete' AND key LIKE ${`%${requestId}%`}`;
  expect(jobs.map(({ run_at }) => run_at.getTime() - now.getTime())).toEqual([7 * DAY_MS]);

  await completeClaims(new Date(now.getTime() + 7 * DAY_MS - 1000));
  expect(await rolesIn(storeId)).toEqual({ [owner.userId]: "owner" });
  const done = new Date(now.getTime() + 7 * DAY_MS);
  await Promise.all([completeClaims(done), completeClaims(done)]);
  expect(await rolesIn(storeId)).toEqual({ [owner.userId]: "admin", [backup.userId]: "owner" });
  const [user] = await sql<{ backup_owner_activated_at: Date }[]>`SELECT backup_owner_activated_at FROM users WHERE id = ${owner.userId}`;
  expect(user!.backup_owner_activated_at).toEqual(done);
  for (const actor of [owner, backup]) expect((await noticesOf(actor)).filter((kind) => kind === "recovery_done")).toHaveLength(1);
  expect(await auditsOf("recovery.completed", backup.userId)).toBe(1);
  expect(await auditsOf("store.ownership_transferred", backup.userId)).toBe(1);
  expect(await getClaimPage(backup, requestId)).toMatchObject({ claimable: [], claimed: [], moved: [{ storeId }] });
});

test.each(["sign-in", "visit"] as const)("a %s of the owner within the seven days cancels the claim, and both are told", async (way) => {
  const { owner, backup, storeId, requestId } = await makeBackedStore();
  await away(owner, 91);
  await warnThrice();
  await claimStores(backup, requestId);
  if (way === "visit") await recordVisit(owner, null);
  else await db.transaction((tx) => startSessionRow(tx, { ip: null, userAgent: null, deviceId: "D".repeat(22), locale: "pt-BR" }, { userId: owner.userId, method: "phone" }));
  expect((await noticesOf(owner)).filter((kind) => kind === "recovery_cancelled")).toHaveLength(1);
  expect((await noticesOf(backup)).filter((kind) => kind === "recovery_cancelled")).toHaveLength(1);
  expect((await messagesTo(backup.phone)).at(-1)).toContain("cancelado");
  await completeClaims(new Date(Date.now() + 30 * DAY_MS));
  expect(await rolesIn(storeId)).toEqual({ [owner.userId]: "owner" });
  expect(await auditsOf("recovery.cancelled", owner.userId)).toBe(1);
});

test("a claim whose backup was removed, or whose store closed, moves nothing", async () => {
  const first = await makeBackedStore();
  const second = await makeBackedStore();
  for (const { owner } of [first, second]) await away(owner, 91);
  await warnThrice();
  for (const { backup, requestId } of [first, second]) await claimStores(backup, requestId);
  await withdrawAsBackup(first.backup, first.requestId);
  await sql`UPDATE stores SET closed_at = now() WHERE id = ${second.storeId}`;
  await completeClaims(new Date(Date.now() + 8 * DAY_MS));
  for (const { storeId, owner } of [first, second]) expect(await rolesIn(storeId)).toEqual({ [owner.userId]: "owner" });
});

test("a frozen backup can't claim, and somebody who later has the backup's number is not the backup", async () => {
  const { owner, backup, requestId } = await makeBackedStore();
  await away(owner, 91);
  await warnThrice();
  await sql`UPDATE users SET frozen_at = now() WHERE id = ${backup.userId}`;
  expect(await codeOf(claimStores(backup, requestId))).toBe("account_frozen");
  await sql`UPDATE users SET phone = '+5548911112222' WHERE id = ${backup.userId}`;
  const { actor: heir } = await makePerson();
  await sql`UPDATE users SET phone = ${backup.phone} WHERE id = ${heir.userId}`;
  const asHeir = { ...heir, phone: backup.phone };
  expect(await codeOf(claimStores(asHeir, requestId))).toBe("not_found");
  expect((await getRecovery(asHeir)).backed).toEqual([]);
});
