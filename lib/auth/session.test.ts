import { createHash } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { fakeRequest, resetFakeRequest } from "@/lib/test/fake-request";
import { sendSignInCode } from "./send-sign-in-code";
import { endSession, optionalActor, requireActor, startSession } from "./session";
import { sessionCookieName } from "./session-token";
import { readVisitor } from "./visitor";

vi.mock("next/headers", async () => (await import("@/lib/test/fake-request")).fakeNextHeaders());

let phones = 0;
let phone = "";
beforeEach(() => {
  resetFakeRequest({ "x-path": "/p/ABC?amount=1", "x-device-id": "A".repeat(22) });
  phone = `+55489${String(50_000_000 + (phones += 1))}`;
});
const code = async () => /#(\d{6})$/.exec((await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${phone} ORDER BY id DESC LIMIT 1`)[0]!.body)![1]!;
async function signIn() {
  const visitor = await readVisitor();
  await sendSignInCode(visitor, { phone });
  return startSession(visitor, { phone, code: await code() });
}
const redirectOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof Error && "digest" in error ? String(error.digest).split(";").slice(0, 3).at(-1) : null;
};

test("the cookie's exact string is what the row has the hash of, and scripts cannot read it", async () => {
  const { userId } = await signIn();
  const cookie = fakeRequest.cookies.get(sessionCookieName())!;
  expect(await sql`SELECT token_hash FROM sessions WHERE user_id = ${userId}`).toEqual([{ token_hash: createHash("sha256").update(cookie).digest("hex") }]);
  expect(fakeRequest.cookieOptions.get(sessionCookieName())).toEqual({ httpOnly: true, sameSite: "lax", secure: false, path: "/", maxAge: 400 * 24 * 3600 });
  expect(await requireActor()).toMatchObject({ userId, phone, locale: "pt-BR", ip: "127.0.0.1" });
});

test("a stranger is sent to the sign-in and back", async () => {
  expect(await optionalActor()).toBeNull();
  expect(await redirectOf(requireActor())).toBe("/login?next=%2Fp%2FABC%3Famount%3D1");
  resetFakeRequest({ "x-path": "//evil.example" });
  expect(await redirectOf(requireActor())).toBe("/login?next=%2F");
});

test("signing out ends the row at once: a copy of the cookie is worth nothing, and is cleared on the way to the sign-in", async () => {
  await signIn();
  const cookie = fakeRequest.cookies.get(sessionCookieName())!;
  await endSession(await requireActor());
  expect(fakeRequest.cookies.has(sessionCookieName())).toBe(false);
  fakeRequest.cookies.set(sessionCookieName(), cookie);
  expect(await optionalActor()).toBeNull();
  expect(await redirectOf(requireActor())).toBe("/api/auth/ended?next=%2Fp%2FABC%3Famount%3D1");
});

test("a person's day is noted once", async () => {
  const { userId } = await signIn();
  await sql`UPDATE users SET last_active_at = now() - interval '25 hours' WHERE id = ${userId}`;
  await sql`UPDATE sessions SET last_seen_at = now() - interval '6 minutes' WHERE user_id = ${userId}`;
  await optionalActor();
  const [first] = await sql<{ at: Date; fresh: boolean }[]>`SELECT last_active_at AS at, last_active_at > now() - interval '1 minute' AS fresh FROM users WHERE id = ${userId}`;
  expect(first!.fresh).toBe(true);
  await optionalActor();
  const [second] = await sql<{ at: Date }[]>`SELECT last_active_at AS at FROM users WHERE id = ${userId}`;
  expect(second!.at).toEqual(first!.at);
});

test("the language is the cookie's choice, else the person's own", async () => {
  const { userId } = await signIn();
  await sql`UPDATE users SET locale = 'es' WHERE id = ${userId}`;
  expect((await requireActor()).locale).toBe("es");
  fakeRequest.cookies.set("locale", "en");
  expect((await requireActor()).locale).toBe("en");
});

test("on https the cookie is bound to this host", async () => {
  vi.resetModules();
  vi.stubEnv("APP_URL", "https://cocopay.example");
  const { sessionCookieName: name, sessionCookieOptions: options } = await import("./session-token");
  expect(name()).toBe("__Host-session");
  expect(options()).toEqual({ httpOnly: true, sameSite: "lax", secure: true, path: "/" });
  vi.unstubAllEnvs();
});
