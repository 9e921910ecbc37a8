import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import type { Actor, Visitor } from "./actor";
import { findSession, recordVisit } from "./find-session";
import { SESSION_PROOF_SECONDS, type AuthMethod } from "./rules";
import { startSessionRow } from "./start-session-row";
import { markSteppedUp } from "./step-up";
import { makePerson } from "@/lib/test/factories";

const ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36";
const device = (): Visitor => ({ ip: "189.4.77.12", userAgent: ANDROID, deviceId: randomBytes(16).toString("base64url"), locale: "pt-BR" });

let person: Actor;
beforeEach(async () => {
  person = (await makePerson({ isSignedIn: false })).actor;
});
async function signIn(visitor: Visitor, method: AuthMethod = "phone") {
  const { id, token } = await db.transaction((tx) => startSessionRow(tx, visitor, { userId: person.userId, method }));
  const [row] = await sql<{ hours: number | null }[]>`SELECT round(extract(epoch FROM limited_until - now()) / 3600)::int AS hours FROM sessions WHERE id = ${id}`;
  return { id, token, heldHours: row!.hours };
}
const pass = (hours: number) => sql`
  UPDATE sessions SET created_at = created_at - make_interval(hours => ${hours}), last_seen_at = last_seen_at - make_interval(hours => ${hours}), expires_at = expires_at - make_interval(hours => ${hours}),
    limited_until = limited_until - make_interval(hours => ${hours}), revoked_at = revoked_at - make_interval(hours => ${hours}), stepped_up_at = stepped_up_at - make_interval(hours => ${hours}) WHERE user_id = ${person.userId}`;
const revoke = (id: string) => sql`UPDATE sessions SET revoked_at = now() WHERE id = ${id}`;
const told = async () => (await sql<{ sessionId: string }[]>`SELECT session_id AS "sessionId" FROM notices WHERE user_id = ${person.userId} AND kind = 'new_device' ORDER BY id`).map(({ sessionId }) => sessionId);
const messages = async () => (await sql`SELECT 1 FROM outgoing_messages WHERE to_phone = ${person.phone}`).length;

test("the first device is not held back and nobody is told; the next one by code is, and everybody is told", async () => {
  const mine = device();
  expect((await signIn(mine)).heldHours).toBeNull();
  expect(await told()).toEqual([]);
  const other = await signIn(device());
  expect(other.heldHours).toBe(24);
  expect(await told()).toEqual([other.id]);
  expect(await messages()).toBe(1);
  expect(await sql`SELECT data FROM notices WHERE user_id = ${person.userId}`).toEqual([{ data: { device: "Chrome · Android", network: "189.4.x.x", sessionId: other.id } }]);
  expect((await signIn(mine)).heldHours).toBeNull();
  expect(await told()).toHaveLength(1);
});

test("a signature on a new device is told quietly and holds nothing back", async () => {
  await signIn(device());
  for (const method of ["passkey", "wallet"] as const) expect((await signIn(device(), method)).heldHours).toBeNull();
  expect(await told()).toHaveLength(2);
  expect(await messages()).toBe(0);
});

test("signing in again does not shorten the hold; outliving it makes the device known", async () => {
  await signIn(device());
  const phone = device();
  await signIn(phone);
  await pass(10);
  expect((await signIn(phone)).heldHours).toBe(24);
  await pass(25);
  expect((await signIn(phone)).heldHours).toBeNull();
});

test("a device that was thrown out stays unknown", async () => {
  await signIn(device());
  const thief = device();
  await revoke((await signIn(thief)).id);
  await pass(48);
  expect((await signIn(thief)).heldHours).toBe(24);
});

test("a signature within the session frees the device for good", async () => {
  await signIn(device());
  const phone = device();
  const { id } = await signIn(phone);
  await db.transaction((tx) => markSteppedUp(tx, { ...person, sessionId: id }, "passkey"));
  expect((await signIn(phone)).heldHours).toBeNull();
});

test("in an account that slept for half a year a new device is held back for three days", async () => {
  const mine = device();
  await signIn(mine);
  await sql`UPDATE users SET last_active_at = now() - interval '181 days' WHERE id = ${person.userId}`;
  expect((await signIn(device())).heldHours).toBe(72);
  await sql`UPDATE users SET last_active_at = now() - interval '181 days' WHERE id = ${person.userId}`;
  expect((await signIn(mine)).heldHours).toBeNull();
});

test("of two first sign-ins at once only one is the first", async () => {
  const both = await Promise.all([signIn(device()), signIn(device())]);
  expect(both.filter(({ heldHours }) => heldHours === null)).toHaveLength(1);
});

test("a visit is noted every few minutes with its place, and renews the session once a day", async () => {
  const { id, token } = await signIn(device());
  const row = async () => (await sql<{ days: number; minutes: number; ip: string }[]>`SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int AS days, round(extract(epoch FROM now() - last_seen_at) / 60)::int AS minutes, host(ip_address) AS ip FROM sessions WHERE id = ${id}`)[0];
  expect(await findSession(token)).toMatchObject({ isVisitDue: false });
  await pass(10 * 24);
  const due = await findSession(token);
  expect(due).toMatchObject({ isVisitDue: true });
  await recordVisit(due!, "200.18.1.2");
  expect(await row()).toEqual({ days: 30, minutes: 0, ip: "200.18.1.2" });
  expect(await findSession(token)).toMatchObject({ isVisitDue: false });
  await pass(12);
  await recordVisit(due!, null);
  expect(await row()).toMatchObject({ minutes: 0, ip: "200.18.1.2" });
});

test("30 days without use end a session; 90 days after the last proof it ends whatever its use, and a signature counts as proof", async () => {
  const { id, token } = await signIn(device());
  const visit = async (days: number) => {
    await pass(days * 24);
    const session = await findSession(token);
    if (session) await recordVisit(session, null);
    return session !== null;
  };
  for (let day = 0; day < 80; day += 20) expect(await visit(20)).toBe(true);
  // 80 days since the code: ten are left.
  expect(await visit(11)).toBe(false);
  await sql`UPDATE sessions SET expires_at = now() + interval '1 day', stepped_up_at = now() WHERE id = ${id}`;
  expect(await visit(0)).toBe(true);
  for (let day = 0; day < 80; day += 20) {
    await sql`UPDATE sessions SET last_seen_at = last_seen_at - interval '1 hour' WHERE id = ${id}`;
    expect(await visit(20)).toBe(true);
  }
  expect(SESSION_PROOF_SECONDS).toBe(90 * 86_400);
  const unused = await signIn(device());
  await pass(31 * 24);
  expect(await findSession(unused.token)).toBeNull();
});
