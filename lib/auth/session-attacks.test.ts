import { createHmac, randomBytes } from "node:crypto";
import { encode } from "next-auth/jwt";
import { beforeEach, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { env } from "@/lib/env";
import { newId } from "@/lib/ids";
import { makePerson } from "@/lib/test/factories";
import type { Visitor } from "./actor";
import { endOtherDevices } from "./end-devices";
import { findSession } from "./find-session";
import { revokeSession } from "./revoke-session";
import { hashToken, mintToken } from "./session-token";
import { startSessionRow } from "./start-session-row";

const visitor = (): Visitor => ({ ip: null, userAgent: null, deviceId: randomBytes(16).toString("base64url"), locale: "pt-BR" });

type SignedIn = { userId: string; sessionId: string; token: string };
async function signIn(userId?: string): Promise<SignedIn> {
  const who = userId ?? (await makePerson({ isSignedIn: false })).actor.userId;
  const { id, token } = await db.transaction((tx) => startSessionRow(tx, visitor(), { userId: who, method: "phone" }));
  return { userId: who, sessionId: id, token };
}

let victim: SignedIn;
let attacker: SignedIn;
beforeEach(async () => {
  [victim, attacker] = [await signIn(), await signIn()];
});

/** The strongest position short of the secret: whoever can write the hash of a token of their own into a row that lives. */
const plant = (token: string, { sessionId }: SignedIn) => sql`UPDATE sessions SET token_hash = ${hashToken(token)} WHERE id = ${sessionId}`;
const claims = (of: SignedIn) => ({ sub: of.userId, sid: of.sessionId });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600;

test("a stolen cookie is refused at the next request after its session ended, however it ended", async () => {
  const stolen = victim.token;
  expect(await findSession(stolen)).toMatchObject({ userId: victim.userId });
  await revokeSession({ ...victim, ip: null, userAgent: null });
  expect(await findSession(stolen)).toBeNull();
  const second = await signIn(victim.userId);
  const third = await signIn(victim.userId);
  await sql`UPDATE sessions SET limited_until = NULL WHERE id = ${third.sessionId}`;
  await endOtherDevices({ ...third, ip: null, userAgent: null });
  expect(await findSession(second.token)).toBeNull();
  await sql`UPDATE sessions SET expires_at = now() WHERE id = ${third.sessionId}`;
  expect(await findSession(third.token)).toBeNull();
});

test("a token without a signature (alg none) is none, also with its hash in a row", async () => {
  const body = part({ ...claims(victim), exp: inAnHour() });
  for (const token of [`${part({ alg: "none" })}.${body}.`, `${part({ alg: "none", enc: "none" })}..${part({})}.${body}.`, `${part({ alg: "dir", enc: "none" })}...${body}.`]) {
    await plant(token, victim);
    expect(await findSession(token)).toBeNull();
  }
});

test("a token that is signed instead of encrypted is none, even by our own secret", async () => {
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...claims(victim), exp: inAnHour() })}`;
  const token = `${signed}.${createHmac("sha256", env().NEXTAUTH_SECRET).update(signed).digest("base64url")}`;
  await plant(token, victim);
  expect(await findSession(token)).toBeNull();
});

test("a token under another key is none", async () => {
  for (const secret of [randomBytes(32).toString("hex"), `${env().NEXTAUTH_SECRET} `]) {
    const token = await encode({ token: claims(victim), secret });
    await plant(token, victim);
    expect(await findSession(token)).toBeNull();
  }
});

test("an honest token opens its own session only: neither another's session id nor another's user id", async () => {
  for (const forged of [
    { userId: attacker.userId, sessionId: victim.sessionId },
    { userId: victim.userId, sessionId: attacker.sessionId },
    { userId: victim.userId, sessionId: newId() },
  ]) {
    const token = await mintToken(forged);
    expect(await findSession(token)).toBeNull();
    await plant(token, attacker);
    expect(await findSession(token)).toBeNull();
  }
  // The victim's hash on the attacker's row: the token names another session than the row it finds.
  await sql`UPDATE sessions SET token_hash = ${hashToken(randomBytes(8).toString("hex"))} WHERE id = ${victim.sessionId}`;
  await plant(victim.token, attacker);
  expect(await findSession(victim.token)).toBeNull();
});

test("a second token for the same session is none: the row knows one string", async () => {
  const twin = await mintToken(victim);
  expect(twin).not.toBe(victim.token);
  expect(await findSession(twin)).toBeNull();
});

test("an expired token is none though its row lives", async () => {
  const token = await encode({ token: claims(victim), secret: env().NEXTAUTH_SECRET, maxAge: -60 });
  await plant(token, victim);
  expect(await findSession(token)).toBeNull();
});

test("damaged, doubled and endless strings are none, and cost no error", async () => {
  const { token } = victim;
  const parts = token.split(".");
  for (const damaged of [token.slice(0, -1), `${token}x`, ` ${token}`, token.toUpperCase(), `${token}.${token}`, parts.slice(0, 4).join("."), [...parts.slice(0, 3), "", parts[4]].join("."), "a.b.c.d.e", ".".repeat(4), "x".repeat(100_000), "\u0000", "💸"]) {
    expect(await findSession(damaged)).toBeNull();
  }
});
