import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { makePerson, makeSession } from "@/lib/test/factories";
import type { Actor } from "./actor";
import { cancelStepUpWait, listOpenWaits, requestStepUpWait } from "./request-step-up-wait";
import { markSteppedUp, requireStepUp } from "./step-up";

const newActor = async () => makeSession((await makePerson()).actor);
const addPasskey = (userId: string) => sql`INSERT INTO passkeys (user_id, credential_id, public_key) VALUES (${userId}, ${randomBytes(16).toString("hex")}, '\\x00')`;
const hoursUntil = (at: Date) => Math.round((at.getTime() - Date.now()) / 3_600_000);
const ask = (actor: Actor, purpose: Parameters<typeof requireStepUp>[2] = "custody") => db.transaction((tx) => requireStepUp(tx, actor, purpose));
const failure = (promise: Promise<unknown>) => promise.then(() => null, (error: unknown) => (error instanceof DomainError ? { code: error.code, ...error.details } : Promise.reject(error as Error)));
/** Lets time pass for a person's waits. */
const pass = (userId: string, hours: number) => sql`UPDATE step_up_waits SET ready_at = ready_at - make_interval(hours => ${hours}), expires_at = expires_at - make_interval(hours => ${hours}) WHERE user_id = ${userId}`;
const messagesTo = async (phone: string) => (await sql<{ body: string }[]>`SELECT body FROM outgoing_messages WHERE to_phone = ${phone} ORDER BY id`).map(({ body }) => body);

test("without a passkey or wallet the right stands after 24 hours, once, and everybody is told", async () => {
  const actor = await newActor();
  expect(await failure(ask(actor))).toEqual({ code: "step_up_required", purpose: "custody" });
  const { readyAt } = await requestStepUpWait(actor, { purpose: "custody" });
  expect(hoursUntil(readyAt)).toBe(24);
  expect(await requestStepUpWait(await makeSession(actor), { purpose: "custody" })).toEqual({ readyAt });
  expect(await failure(ask(actor))).toMatchObject({ code: "step_up_waiting", seconds: expect.any(Number) });
  expect(await sql`SELECT kind, session_id, data->>'purpose' AS purpose FROM notices WHERE user_id = ${actor.userId}`).toEqual([{ kind: "step_up_requested", session_id: actor.sessionId, purpose: "custody" }]);
  expect(await messagesTo(actor.phone)).toEqual([expect.stringContaining("alguem pediu")]);
  await pass(actor.userId, 24);
  expect(await failure(ask(actor, "phone_change"))).toMatchObject({ code: "step_up_required" });
  expect(await failure(ask(actor))).toBeNull();
  expect(await failure(ask(actor))).toMatchObject({ code: "step_up_required" });
});

test("with a passkey that may be lost it takes 72 hours, and a right that nobody used ends", async () => {
  const actor = await newActor();
  await addPasskey(actor.userId);
  expect(hoursUntil((await requestStepUpWait(actor, { purpose: "passkeys" })).readyAt)).toBe(72);
  await pass(actor.userId, 72 + 25);
  expect(await listOpenWaits(actor)).toEqual([]);
  expect(await failure(ask(actor, "passkeys"))).toMatchObject({ code: "step_up_required" });
});

test("any device of the person cancels, nobody else's", async () => {
  const actor = await newActor();
  await requestStepUpWait(actor, { purpose: "payout" });
  const [wait] = await listOpenWaits(actor);
  expect(wait).toMatchObject({ purpose: "payout", isReady: false, isOfThisSession: true });
  expect(await failure(cancelStepUpWait(await newActor(), { waitId: wait!.id }))).toEqual({ code: "not_found" });
  await cancelStepUpWait(await makeSession(actor), { waitId: wait!.id });
  expect(await listOpenWaits(actor)).toEqual([]);
  await pass(actor.userId, 24);
  expect(await failure(ask(actor, "payout"))).toMatchObject({ code: "step_up_required" });
  expect(await sql`SELECT action FROM audit_logs WHERE user_id = ${actor.userId} ORDER BY id`).toEqual([{ action: "step_up.requested" }, { action: "step_up.cancelled" }]);
});

test("ten requests at once make one wait", async () => {
  const actor = await newActor();
  await Promise.all(Array.from({ length: 10 }, () => requestStepUpWait(actor, { purpose: "owners" })));
  expect(await sql`SELECT count(*)::int AS n FROM step_up_waits WHERE user_id = ${actor.userId}`).toEqual([{ n: 1 }]);
});

test("a session that is held back neither waits less nor uses a right that another device waited for; a signature frees it", async () => {
  const actor = await newActor();
  const held = await makeSession(actor, { limitedHours: 72 });
  expect(hoursUntil((await requestStepUpWait(held, { purpose: "wallets" })).readyAt)).toBe(72);
  await requestStepUpWait(actor, { purpose: "custody" });
  await pass(actor.userId, 24);
  expect(await failure(ask(held))).toMatchObject({ code: "step_up_waiting", seconds: expect.any(Number) });
  await db.transaction((tx) => markSteppedUp(tx, held, "passkey"));
  expect(await failure(ask(held))).toBeNull();
  expect(await sql`SELECT limited_until FROM sessions WHERE id = ${held.sessionId}`).toEqual([{ limited_until: null }]);
  expect(await listOpenWaits(actor)).toHaveLength(2);
});

test("a frozen account waits for nothing but the end of the freeze", async () => {
  const actor = await newActor();
  await sql`UPDATE users SET frozen_at = now() WHERE id = ${actor.userId}`;
  expect(await failure(requestStepUpWait(actor, { purpose: "custody" }))).toEqual({ code: "account_frozen" });
  expect(await failure(requestStepUpWait(actor, { purpose: "unfreeze" }))).toBeNull();
});

test("a session that ended asks for nothing", async () => {
  const actor = await newActor();
  await sql`UPDATE sessions SET revoked_at = now() WHERE id = ${actor.sessionId}`;
  expect(await failure(requestStepUpWait(actor, { purpose: "custody" }))).toEqual({ code: "signed_out" });
});
