import "server-only";
import { createHash } from "node:crypto";
import { decode, encode } from "next-auth/jwt";
import { env } from "@/lib/env";
import { SESSION_COOKIE_SECONDS } from "./rules";

/** What the token says: whose session, and which row decides whether it still lives. */
export type TokenClaims = { userId: string; sessionId: string };

/** A new encrypted JWT, which is the cookie's value as it stands. */
export const mintToken = ({ userId, sessionId }: TokenClaims): Promise<string> =>
  encode({ token: { sub: userId, sid: sessionId }, secret: env().NEXTAUTH_SECRET, maxAge: SESSION_COOKIE_SECONDS });

/** The claims of a token that we made and that has not expired, else null. The session's row has the last word. */
export async function readToken(token: string): Promise<TokenClaims | null> {
  try {
    const claims = await decode({ token, secret: env().NEXTAUTH_SECRET });
    return claims?.sub && typeof claims["sid"] === "string" ? { userId: claims.sub, sessionId: claims["sid"] } : null;
  } catch {
    return null;
  }
}

/** `sessions.token_hash`: SHA-256 of the exact cookie string, lower hex. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

/** `sessions.device_hash`: SHA-256 of the device cookie's id, lower hex. */
export const hashDevice = (deviceId: string): string => createHash("sha256").update(deviceId).digest("hex");

const isHttps = () => env().APP_URL.startsWith("https://");

/** On https the name's prefix binds the cookie to this host, to https and to the whole site. */
export const sessionCookieName = (): string => (isHttps() ? "__Host-session" : "session");

/** How the cookie is set, here and by next-auth. */
export const sessionCookieOptions = () => ({ httpOnly: true, sameSite: "lax", secure: isHttps(), path: "/" }) as const;
