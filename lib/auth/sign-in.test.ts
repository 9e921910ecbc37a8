import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { LIMITS } from "@/lib/rate-limit/rules";
import type { Visitor } from "./actor";
import { findSession } from "./find-session";
import { revokeSession } from "./revoke-session";
import { sendSignInCode } from "./send-sign-in-code";
import { hashToken, readToken } from "./session-token";
import { hashSignInCode, matchesSignInCode, newSignInCode } from "./sign-in-code";
import { verifySignInCode } from "./verify-sign-in-code";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";

let addresses = 0;
/** Another device at another address. */
const stranger = (): Visitor => ({ ip: `198.51.${(addresses += 1) >> 8}.${addresses & 255}`, userAgent: IPHONE, deviceId: randomBytes(16).toString("base64url"), locale: "pt-BR" });

let phones = 0;
let phone = "";
/** One device, for a whole test. */
let mine: Visitor;
beforeEach(() => {
  mine = stranger();
  phone = `+55489${String(80_000_000 + (phones += 1))}`;
});

const lastMessage = async (to: string) => (await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${to} ORDER BY created_at DESC, id DESC LIMIT 1`)[0]?.body ?? "";
const lastCode = async (to: string) => /#(\d{6})$/.exec(await lastMessage(to))?.[1] ?? "none";
const other = (code: string) => (code === "111111" ? "222222" : "111111");
/** Lets time pass for the phone's codes. */
const age = (to: string, seconds: number) =>
  sql`UPDATE sign_in_codes SET created_at = created_at - make_interval(secs => ${seconds}), expires_at = expires_at - make_interval(secs => ${seconds}) WHERE phone = ${to}`;
const failure = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error !== null && !(error instanceof DomainError)) throw error;
  return error && { code: error.code, ...error.details };
};
async function signIn(to = phone, visitor = stranger()) {
  await sendSignInCode(visitor, { phone: to });
  return verifySignInCode(visitor, { phone: to, code: await lastCode(to) });
}

test("a new phone becomes a person with a session, a trail and a job, all at once", async () => {
  const visitor = { ...stranger(), locale: "es" as const };
  const signedIn = await signIn(phone, visitor);
  expect(signedIn).toMatchObject({ isNew: true, name: null });
  const [user] = await sql`SELECT phone, name, locale, preferred_chain_id, phone_verified_at IS NOT NULL AS verified FROM users WHERE id = ${signedIn.userId}`;
  expect(user).toEqual({ phone, name: null, locale: "es", preferred_chain_id: "84532", verified: true });
  const [session] = await sql`
    SELECT token_hash, auth_method, device_info, host(ip_address) AS ip, revoked_at, round(extract(epoch FROM expires_at - now()) / 86400)::int AS days FROM sessions WHERE user_id = ${signedIn.userId}`;
  expect(session).toEqual({
    token_hash: hashToken(signedIn.token),
    auth_method: "phone",
    device_info: { platform: "phone", os: "iOS", browser: "Safari" },
    ip: visitor.ip,
    revoked_at: null,
    days: 30,
  });
  const trail = await sql`SELECT action, new_values FROM audit_logs WHERE user_id = ${signedIn.userId} ORDER BY action`;
  expect(trail.map((row) => row["action"])).toEqual(["session.started", "user.created"]);
  expect(JSON.stringify(trail)).not.toContain(phone);
  expect(await sql`SELECT event_name FROM analytics_events WHERE user_id = ${signedIn.userId}`).toEqual([{ event_name: "signed_up" }]);
  expect(await sql`SELECT task_identifier FROM graphile_worker.jobs WHERE key = ${`accounts.provision:${signedIn.userId}`}`).toEqual([{ task_identifier: "accounts.provision" }]);
});

test("the same phone is the same person, with one session for each sign-in", async () => {
  const first = await signIn();
  const second = await signIn();
  expect(second).toMatchObject({ userId: first.userId, isNew: false });
  expect(second.token).not.toBe(first.token);
  expect(await sql`SELECT event_name FROM analytics_events WHERE user_id = ${first.userId} ORDER BY created_at`).toEqual([{ event_name: "signed_up" }, { event_name: "signed_in" }]);
  expect(await sql`SELECT count(*)::int AS n FROM sessions WHERE user_id = ${first.userId}`).toEqual([{ n: 2 }]);
});

test("known and unknown phones get the same answers", async () => {
  await signIn();
  const unknown = `+55489${String(70_000_000 + phones)}`;
  const known = await sendSignInCode(mine, { phone });
  const stranger_ = await sendSignInCode(mine, { phone: unknown });
  expect({ ...stranger_, phone: "", phoneShown: "" }).toEqual({ ...known, phone: "", phoneShown: "" });
  for (const to of [phone, unknown]) {
    expect(await failure(verifySignInCode(mine, { phone: to, code: other(await lastCode(to)) }))).toEqual({ code: "code_wrong", triesLeft: 4 });
    expect(await failure(sendSignInCode(mine, { phone: to }))).toEqual({ code: "code_resend_wait", seconds: 45 });
  }
});

test("nothing is kept that gives a code away", async () => {
  await sendSignInCode(mine, { phone });
  const code = await lastCode(phone);
  const [row] = await sql<{ id: string; code_hash: string }[]>`SELECT id, code_hash FROM sign_in_codes WHERE phone = ${phone}`;
  expect(row!.code_hash).toMatch(/^[0-9a-f]{64}$/);
  expect(matchesSignInCode({ id: row!.id, phone, purpose: "sign_in" }, code, row!.code_hash)).toBe(true);
  expect(hashSignInCode({ id: row!.id, phone: "+5511987654321", purpose: "sign_in" }, code)).not.toBe(row!.code_hash);
  expect(hashSignInCode({ id: row!.id, phone, purpose: "phone_change" }, code)).not.toBe(row!.code_hash);
  expect(hashSignInCode({ id: crypto.randomUUID(), phone, purpose: "sign_in" }, code)).not.toBe(row!.code_hash);
  const limits = await sql<{ key: string }[]>`SELECT key FROM rate_limits`;
  expect(limits.length).toBeGreaterThan(0);
  expect(JSON.stringify(limits)).not.toContain(phone.slice(3));
});

test("codes are six digits, leading zeros too", () => {
  const codes = Array.from({ length: 2000 }, newSignInCode);
  expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
  expect(codes.some((code) => code.startsWith("0"))).toBe(true);
  expect(new Set(codes).size).toBeGreaterThan(1900);
});

test("the message is one plain segment and ends with the line that autofill reads", async () => {
  await sendSignInCode(mine, { phone });
  const body = await lastMessage(phone);
  expect(body).toMatch(/^CocoPay: seu codigo e (\d{6})\. .*\n@localhost #\1$/);
  expect(body.length).toBeLessThanOrEqual(160);
});

test("five wrong codes lock it, also for the right one", async () => {
  await sendSignInCode(mine, { phone });
  const code = await lastCode(phone);
  for (const triesLeft of [4, 3, 2, 1]) {
    expect(await failure(verifySignInCode(mine, { phone, code: other(code) }))).toEqual({ code: "code_wrong", triesLeft });
  }
  expect(await failure(verifySignInCode(mine, { phone, code: "12" }))).toEqual({ code: "code_locked", seconds: 45 });
  expect(await failure(verifySignInCode(mine, { phone, code }))).toEqual({ code: "code_locked", seconds: 45 });
  expect(await sql`SELECT id FROM users WHERE phone = ${phone}`).toEqual([]);
  await age(phone, 46);
  await sendSignInCode(mine, { phone });
  expect(await verifySignInCode(mine, { phone, code: await lastCode(phone) })).toMatchObject({ isNew: true });
});

test("the fifth try may be the right one", async () => {
  await sendSignInCode(mine, { phone });
  const code = await lastCode(phone);
  for (let i = 0; i < 4; i += 1) await failure(verifySignInCode(mine, { phone, code: other(code) }));
  expect(await verifySignInCode(mine, { phone, code })).toMatchObject({ isNew: true });
});

test("guesses sent at once cannot outrun the five tries", async () => {
  await sendSignInCode(mine, { phone });
  const code = await lastCode(phone);
  const wrong = other(code);
  const answers = await Promise.all(Array.from({ length: 20 }, () => failure(verifySignInCode(mine, { phone, code: wrong }))));
  expect(answers.filter((answer) => answer?.code === "code_wrong")).toHaveLength(4);
  expect(await sql`SELECT attempts FROM sign_in_codes WHERE phone = ${phone}`).toEqual([{ attempts: 5 }]);
});

test("a code ends after five minutes", async () => {
  await sendSignInCode(mine, { phone });
  const code = await lastCode(phone);
  await age(phone, 299);
  await sql`UPDATE sign_in_codes SET expires_at = expires_at - interval '1 second' WHERE phone = ${phone}`;
  expect(await failure(verifySignInCode(mine, { phone, code }))).toEqual({ code: "code_expired" });
});

test("a code works just before its end", async () => {
  await sendSignInCode(mine, { phone });
  await age(phone, 290);
  expect(await verifySignInCode(mine, { phone, code: await lastCode(phone) })).toMatchObject({ isNew: true });
});

test("a code works once", async () => {
  const signedIn = await signIn(phone, mine);
  expect(await failure(verifySignInCode(mine, { phone, code: await lastCode(phone) }))).toEqual({ code: "code_expired" });
  expect(await sql`SELECT count(*)::int AS n FROM sessions WHERE user_id = ${signedIn.userId}`).toEqual([{ n: 1 }]);
});

test("a newer code ends the older one", async () => {
  await sendSignInCode(mine, { phone });
  const first = await lastCode(phone);
  await age(phone, 46);
  await sendSignInCode(mine, { phone });
  const second = await lastCode(phone);
  expect(await sql`SELECT count(*)::int AS n FROM sign_in_codes WHERE phone = ${phone} AND consumed_at IS NULL AND expires_at > now()`).toEqual([{ n: 1 }]);
  if (first !== second) expect(await failure(verifySignInCode(mine, { phone, code: first }))).toMatchObject({ code: "code_wrong" });
  expect(await verifySignInCode(mine, { phone, code: second })).toMatchObject({ isNew: true });
});

test("a code of one phone is none for another", async () => {
  await sendSignInCode(mine, { phone });
  expect(await failure(verifySignInCode(mine, { phone: "+5511912345678", code: await lastCode(phone) }))).toEqual({ code: "code_expired" });
});

test("20 uses of one code at once make one session of one person", async () => {
  await sendSignInCode(mine, { phone });
  const code = await lastCode(phone);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => verifySignInCode(mine, { phone, code })));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  expect(results.every((result) => result.status === "fulfilled" || result.reason instanceof DomainError)).toBe(true);
  expect(await sql`SELECT count(*)::int AS n FROM users WHERE phone = ${phone}`).toEqual([{ n: 1 }]);
  expect(await sql`SELECT count(*)::int AS n FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.phone = ${phone}`).toEqual([{ n: 1 }]);
});

test("20 requests for a code at once send one message", async () => {
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => sendSignInCode(mine, { phone })));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  expect(await sql`SELECT count(*)::int AS n FROM sandbox_messages WHERE to_phone = ${phone}`).toEqual([{ n: 1 }]);
});

test("another code waits 45 seconds", async () => {
  await sendSignInCode(mine, { phone });
  await age(phone, 15);
  expect(await failure(sendSignInCode(mine, { phone }))).toEqual({ code: "code_resend_wait", seconds: 30 });
  await age(phone, 30);
  expect(await failure(sendSignInCode(mine, { phone }))).toBeNull();
});

test("a phone gets three codes that nobody uses in ten minutes", async () => {
  for (let i = 0; i < LIMITS.code_send_phone.times; i += 1) {
    await sendSignInCode(mine, { phone });
    await age(phone, 60);
  }
  expect(await failure(sendSignInCode(mine, { phone }))).toMatchObject({ code: "too_many_requests", seconds: expect.any(Number) });
  expect(await sql`SELECT count(*)::int AS n FROM sandbox_messages WHERE to_phone = ${phone}`).toEqual([{ n: 3 }]);
});

test("codes that are used do not count: a person may sign in all day", async () => {
  const visitor = stranger();
  for (let i = 0; i < LIMITS.code_send_day_phone.times + 2; i += 1) expect(await signIn(phone, visitor)).toMatchObject({ isNew: i === 0 });
});

test("a device and an address each have a limit over all phones", async () => {
  const device = stranger();
  const numbers = (from: number) => Array.from({ length: 60 }, (_, i) => `+55489${from + i}`);
  let sent = 0;
  for (const to of numbers(60_000_000)) {
    const answer = await failure(sendSignInCode({ ...stranger(), deviceId: device.deviceId }, { phone: to }));
    if (answer?.code === "too_many_requests") break;
    sent += 1;
  }
  expect(sent).toBe(LIMITS.code_send_device.times);
  sent = 0;
  for (const to of numbers(61_000_000)) {
    const answer = await failure(sendSignInCode({ ...stranger(), ip: device.ip }, { phone: to }));
    if (answer?.code === "too_many_requests") break;
    sent += 1;
  }
  expect(sent).toBe(LIMITS.code_send_address.times);
});

test("a message that cannot be sent leaves no code to wait for", async () => {
  expect(await failure(sendSignInCode(mine, { phone: "+5511900000001" }))).toEqual({ code: "message_not_sent" });
  expect(await failure(sendSignInCode(mine, { phone: "+5511900000002" }))).toEqual({ code: "phone_invalid" });
  expect(await sql`SELECT id FROM sign_in_codes WHERE phone IN ('+5511900000001', '+5511900000002')`).toEqual([]);
});

test("a session lives until it is revoked, by one row that every process asks", async () => {
  const { token, userId, sessionId } = await signIn();
  expect(await findSession(token)).toMatchObject({ userId, sessionId, phone, name: null, locale: "pt-BR", isVisitDue: false });
  await revokeSession({ userId, sessionId, ip: null, userAgent: null });
  expect(await findSession(token)).toBeNull();
  await revokeSession({ userId, sessionId, ip: null, userAgent: null });
  expect(await sql`SELECT count(*)::int AS n FROM audit_logs WHERE user_id = ${userId} AND action = 'session.ended'`).toEqual([{ n: 1 }]);
});

test("nobody ends the session of another", async () => {
  const { token, sessionId } = await signIn();
  await revokeSession({ userId: crypto.randomUUID(), sessionId, ip: null, userAgent: null });
  expect(await findSession(token)).not.toBeNull();
});

test("an expired row, a changed token and a token without its row are no sessions", async () => {
  const { token, userId } = await signIn();
  const position = token.length - 5;
  const changed = token.slice(0, position) + (token[position] === "A" ? "B" : "A") + token.slice(position + 1);
  expect(await readToken(changed)).toBeNull();
  expect(await findSession(changed)).toBeNull();
  expect(await findSession("")).toBeNull();
  expect(await findSession("x".repeat(10_000))).toBeNull();
  // Whoever can write a row still needs the secret: the hash of a token that we did not make opens nothing.
  await sql`INSERT INTO sessions (id, user_id, token_hash, auth_method, expires_at) VALUES (gen_random_uuid(), ${userId}, ${hashToken("forged")}, 'phone', now() + interval '1 day')`;
  expect(await findSession("forged")).toBeNull();
  await sql`UPDATE sessions SET expires_at = now() WHERE token_hash = ${hashToken(token)}`;
  expect(await findSession(token)).toBeNull();
  await sql`DELETE FROM sessions WHERE user_id = ${userId}`;
  expect(await findSession(token)).toBeNull();
});
