import { randomBytes, randomInt } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { closeLiveHub } from "@/lib/live/hub";
import { personStream } from "@/lib/live/person-stream";
import { dismissNotice } from "@/lib/notifications/dismiss-notice";
import { notify } from "@/lib/notifications/notify";
import { accountNews } from "@/lib/notifications/queries";
import { NOTICE_KINDS } from "@/lib/notifications/rules";
import { makePerson, makeSession } from "@/lib/test/factories";
import type { Actor, Visitor } from "./actor";
import { changePhone, completePhoneChange, openPhoneChange, sendCodeToNewPhone, sendCodeToPresentPhone, withdrawPhoneChange } from "./change-phone";
import { endDevice, endOtherDevices } from "./end-devices";
import { freezeAccount, unfreezeAccount } from "./freeze-account";
import { listDevices } from "./queries";
import { listOpenWaits, requestStepUpWait } from "./request-step-up-wait";
import { startSessionRow } from "./start-session-row";
import { markSteppedUp } from "./step-up";

afterAll(closeLiveHub);

let actor: Actor;
beforeEach(async () => {
  actor = (await makePerson()).actor;
});
const failure = (promise: Promise<unknown>) => promise.then(() => null, (error: unknown) => (error instanceof DomainError ? error.code : Promise.reject(error as Error)));
const isAlive = async ({ sessionId }: Actor) => (await sql`SELECT 1 FROM sessions WHERE id = ${sessionId} AND revoked_at IS NULL`).length === 1;
const personRow = async () => (await sql<{ phone: string; isFrozen: boolean }[]>`SELECT phone, frozen_at IS NOT NULL AS "isFrozen" FROM users WHERE id = ${actor.userId}`)[0]!;
const trail = async () => (await sql<{ action: string }[]>`SELECT action FROM audit_logs WHERE user_id = ${actor.userId} ORDER BY id`).map(({ action }) => action);
const queuedTo = async (phone: string) => (await sql<{ body: string }[]>`SELECT body FROM outgoing_messages WHERE to_phone = ${phone} ORDER BY id`).map(({ body }) => body);
const signature = (who: Actor) => db.transaction((tx) => markSteppedUp(tx, who, "passkey"));

// devices
test("ends one other device at once, and what was thrown out comes back as a stranger", async () => {
  const visitor: Visitor = { ip: null, userAgent: null, deviceId: randomBytes(16).toString("base64url"), locale: "pt-BR" };
  const start = () => db.transaction((tx) => startSessionRow(tx, visitor, { userId: actor.userId, method: "passkey" }));
  const { id } = await start();
  expect(await listDevices(actor)).toMatchObject([{ sessionId: actor.sessionId, isThis: true }, { sessionId: id, isThis: false, method: "passkey", network: null }]);
  await endDevice(actor, { sessionId: id });
  expect(await listDevices(actor)).toHaveLength(1);
  expect(await failure(endDevice(actor, { sessionId: id }))).toBe("not_found");
  const back = await db.transaction((tx) => startSessionRow(tx, visitor, { userId: actor.userId, method: "phone" }));
  expect(await sql`SELECT limited_until IS NOT NULL AS held FROM sessions WHERE id = ${back.id}`).toEqual([{ held: true }]);
});

test("ends all others and nobody else's, never the present one", async () => {
  const others = await Promise.all([makeSession(actor), makeSession(actor), makeSession(actor)]);
  const stranger = (await makePerson()).actor;
  expect(await failure(endDevice(actor, { sessionId: stranger.sessionId }))).toBe("not_found");
  expect(await failure(endDevice(actor, { sessionId: actor.sessionId }))).toBe("not_found");
  expect(await endOtherDevices(actor)).toBe(3);
  expect(await Promise.all([actor, ...others, stranger].map(isAlive))).toEqual([true, false, false, false, true]);
});

test("a device that is held back throws nobody out, and a signature gives it the right", async () => {
  const held = await makeSession(actor, { limitedHours: 24 });
  expect(await failure(endDevice(held, { sessionId: actor.sessionId }))).toBe("device_held_back");
  expect(await failure(endOtherDevices(held))).toBe("device_held_back");
  await signature(held);
  await endDevice(held, { sessionId: actor.sessionId });
  expect(await isAlive(actor)).toBe(false);
});

test("an ended session's live stream closes within five seconds", async () => {
  const other = await makeSession(actor);
  const controller = new AbortController();
  const response = await personStream({ actor: other, signal: controller.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const read = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  })();
  await expect.poll(() => text).toContain("event: ready");
  const start = performance.now();
  await endDevice(actor, { sessionId: other.sessionId });
  await read;
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(text).toContain('event: closed\ndata: {"reason":"signed_out"}');
});

// freeze
test("freezing ends the others, cancels what was waited for, and tells", async () => {
  const thief = await makeSession(actor);
  await requestStepUpWait(thief, { purpose: "custody" });
  await sql`INSERT INTO phone_changes (id, user_id, new_phone, session_id, ready_at) VALUES (gen_random_uuid(), ${actor.userId}, '+5548911112222', ${thief.sessionId}, now() + interval '1 day')`;
  await freezeAccount(actor);
  await freezeAccount(actor);
  expect(await personRow()).toMatchObject({ isFrozen: true });
  expect([await isAlive(actor), await isAlive(thief)]).toEqual([true, false]);
  expect(await listOpenWaits(actor)).toEqual([]);
  expect(await openPhoneChange(actor)).toBeNull();
  expect((await trail()).filter((action) => action === "user.frozen")).toHaveLength(1);
  expect((await queuedTo(actor.phone)).filter((body) => body.includes("congelada"))).toHaveLength(1);
});

test("a device that is held back freezes, but locks nobody out", async () => {
  const held = await makeSession(actor, { limitedHours: 24 });
  await freezeAccount(held);
  expect(await personRow()).toMatchObject({ isFrozen: true });
  expect(await isAlive(actor)).toBe(true);
});

test("the freeze ends by a signature, or by a wait", async () => {
  await freezeAccount(actor);
  expect(await failure(unfreezeAccount(actor))).toBe("step_up_required");
  await requestStepUpWait(actor, { purpose: "unfreeze" });
  expect(await failure(unfreezeAccount(actor))).toBe("step_up_waiting");
  await sql`UPDATE step_up_waits SET ready_at = now() WHERE user_id = ${actor.userId}`;
  await unfreezeAccount(actor);
  expect(await personRow()).toMatchObject({ isFrozen: false });
  await freezeAccount(actor);
  await signature(actor);
  await unfreezeAccount(actor);
  expect((await trail()).filter((action) => action === "user.unfrozen")).toHaveLength(2);
});

// notices
test("every kind of notice can be kept", async () => {
  await db.transaction(async (tx) => {
    for (const kind of NOTICE_KINDS) await notify(tx, { userId: actor.userId, kind });
  });
  expect(await sql`SELECT count(*)::int AS n FROM notices WHERE user_id = ${actor.userId}`).toEqual([{ n: NOTICE_KINDS.length }]);
});

test("a notice is for the other devices, and read once for all", async () => {
  const [mine, held] = [await makeSession(actor), await makeSession(actor, { limitedHours: 24 })];
  await db.transaction((tx) => notify(tx, { userId: actor.userId, kind: "passkey_added", sessionId: mine.sessionId, data: { name: "Chave" } }));
  const seen = async (who: Actor) => (await accountNews(who)).notices.map(({ kind }) => kind);
  expect([await seen(actor), await seen(mine), await seen(held)]).toEqual([["passkey_added"], [], []]);
  const [notice] = (await accountNews(actor)).notices;
  for (const who of [mine, held, (await makePerson()).actor]) await dismissNotice(who, { noticeId: notice!.id });
  expect(await seen(actor)).toEqual(["passkey_added"]);
  await dismissNotice(actor, { noticeId: notice!.id });
  expect(await seen(actor)).toEqual([]);
});

// phone
const visitorOf = (): Visitor => ({ ip: `10.1.${randomInt(255)}.${randomInt(255)}`, userAgent: null, deviceId: randomBytes(16).toString("base64url"), locale: "pt-BR" });
const newNumber = () => `+55489${randomInt(91_000_000, 98_999_999)}`;
const codeOf = async (phone: string) => (await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${phone} ORDER BY created_at DESC, id DESC LIMIT 1`)[0]!.body.slice(-6);

async function withCodes(phone: string, visitor = visitorOf()) {
  await sendCodeToNewPhone(actor, visitor, { phone });
  return { visitor, input: { phone, code: await codeOf(phone) } };
}

test("with a signature the phone changes at once, and the old number is told", async () => {
  const phone = newNumber();
  const { visitor, input } = await withCodes(phone);
  expect(await failure(changePhone(actor, visitor, input))).toBe("step_up_required");
  expect((await personRow()).phone).toBe(actor.phone);
  await signature(actor);
  expect(await changePhone(actor, visitor, input)).toEqual({ readyAt: null });
  expect((await personRow()).phone).toBe(phone);
  expect(await isAlive(actor)).toBe(true);
  expect((await queuedTo(actor.phone)).at(-1)).toContain("foi trocado");
  const lines = await sql`SELECT old_values, new_values FROM audit_logs WHERE user_id = ${actor.userId} AND action = 'user.phone_changed'`;
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${phone.slice(3)}|${actor.phone.slice(3)}`));
});

test("without one it takes the present phone's code and three days, by the worker's clock", async () => {
  const phone = newNumber();
  const { visitor, input } = await withCodes(phone);
  await sendCodeToPresentPhone(actor, visitor);
  const presentCode = await codeOf(actor.phone);
  const { readyAt } = await changePhone(actor, visitor, { ...input, presentCode });
  expect(Math.round((readyAt!.getTime() - Date.now()) / 3_600_000)).toBe(72);
  expect((await queuedTo(actor.phone)).at(-1)).toContain("em 3 dias");
  const [change] = await sql<{ id: string }[]>`SELECT id FROM phone_changes WHERE user_id = ${actor.userId} AND done_at IS NULL AND cancelled_at IS NULL`;
  expect(await sql`SELECT task_identifier AS name, run_at::text = ${readyAt}::timestamptz::text AS "isInTime" FROM graphile_worker.jobs WHERE key = ${`auth.complete_phone_change:${change!.id}`}`).toEqual([{ name: "auth.complete_phone_change", isInTime: true }]);
  await completePhoneChange(change!.id, new Date(readyAt!.getTime() - 1_000));
  expect((await personRow()).phone).toBe(actor.phone);
  await completePhoneChange(change!.id, readyAt!);
  await completePhoneChange(change!.id, readyAt!);
  expect((await personRow()).phone).toBe(phone);
  expect((await trail()).filter((action) => action === "user.phone_changed")).toHaveLength(1);
});

test("any device takes the change back, a wait for the right is no way in, and a frozen account changes nothing", async () => {
  const phone = newNumber();
  const { visitor, input } = await withCodes(phone);
  await requestStepUpWait(actor, { purpose: "phone_change" });
  await sql`UPDATE step_up_waits SET ready_at = now() WHERE user_id = ${actor.userId}`;
  expect(await failure(changePhone(actor, visitor, input))).toBe("step_up_required");
  await sendCodeToPresentPhone(actor, visitor);
  expect(await failure(changePhone(actor, visitor, { ...input, presentCode: "000000" }))).toMatch(/code_wrong/);
  const { readyAt } = await changePhone(actor, visitor, { ...input, presentCode: await codeOf(actor.phone) });
  const [change] = await sql<{ id: string }[]>`SELECT id FROM phone_changes WHERE user_id = ${actor.userId}`;
  await withdrawPhoneChange(await makeSession(actor));
  expect(await failure(withdrawPhoneChange(actor))).toBe("not_found");
  await completePhoneChange(change!.id, readyAt!);
  expect((await personRow()).phone).toBe(actor.phone);
  await sql`UPDATE sign_in_codes SET created_at = created_at - interval '1 minute'`;
  const again = await withCodes(phone, visitor);
  await freezeAccount(actor);
  await signature(actor);
  expect(await failure(changePhone(actor, again.visitor, again.input))).toBe("account_frozen");
});

test("a number of somebody else is refused only to whoever holds it", async () => {
  const other = (await makePerson()).actor;
  await signature(actor);
  expect(await failure(sendCodeToNewPhone(actor, visitorOf(), { phone: actor.phone }))).toBe("phone_same");
  const { visitor, input } = await withCodes(other.phone);
  expect(await failure(changePhone(actor, visitor, { ...input, code: input.code === "000000" ? "111111" : "000000" }))).toBe("code_wrong");
  expect(await failure(changePhone(actor, visitor, input))).toBe("phone_taken");
});

test("a number that was taken while the change waited stays with its new owner", async () => {
  const phone = newNumber();
  const { visitor, input } = await withCodes(phone);
  await sendCodeToPresentPhone(actor, visitor);
  const { readyAt } = await changePhone(actor, visitor, { ...input, presentCode: await codeOf(actor.phone) });
  await sql`INSERT INTO users (id, phone) VALUES (gen_random_uuid(), ${phone})`;
  const [change] = await sql<{ id: string }[]>`SELECT id FROM phone_changes WHERE user_id = ${actor.userId}`;
  await completePhoneChange(change!.id, readyAt!);
  expect((await personRow()).phone).toBe(actor.phone);
  expect(await openPhoneChange(actor)).toBeNull();
});
