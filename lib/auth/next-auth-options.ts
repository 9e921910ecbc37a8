import "server-only";
import { headers, cookies } from "next/headers";
import type { NextAuthOptions, User } from "next-auth";
import type { JWT } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { LOCALE_COOKIE } from "@/lib/i18n/locale";
import { log } from "@/lib/log";
import { paths } from "@/lib/paths";
import { findSession } from "./find-session";
import { revokeSession } from "./revoke-session";
import { SESSION_COOKIE_SECONDS } from "./rules";
import { sessionCookieName, sessionCookieOptions } from "./session-token";
import { verifySignInCode } from "./verify-sign-in-code";
import { visitorOf } from "./visitor";

/** A user as next-auth carries it through a sign-in: with the token that the session's row already holds the hash of. */
type SignedInUser = User & { sessionToken: string };

const requestVisitor = async () => visitorOf(await headers(), (await cookies()).get(LOCALE_COOKIE)?.value);

/**
 * next-auth 4 with the JWT strategy. It would encode a new token at every session call and so orphan `sessions.token_hash`; here
 * the token is made once, with its row, and handed back as it is (web/STACK.md, trap 2).
 */
export function nextAuthOptions(): NextAuthOptions {
  // next-auth reads its own address from the environment only, never from a header.
  process.env["NEXTAUTH_URL"] = env().APP_URL;
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: SESSION_COOKIE_SECONDS },
    useSecureCookies: sessionCookieOptions().secure,
    cookies: { sessionToken: { name: sessionCookieName(), options: sessionCookieOptions() } },
    pages: { signIn: paths.login(), error: paths.login(), signOut: paths.profile() },
    providers: [
      Credentials({
        id: "phone",
        name: "phone",
        credentials: { phone: {}, code: {} },
        authorize: async (credentials): Promise<SignedInUser | null> => {
          if (!credentials?.phone || !credentials.code) return null;
          try {
            const { userId, name, token } = await verifySignInCode(await requestVisitor(), { phone: credentials.phone, code: credentials.code });
            return { id: userId, name, sessionToken: token };
          } catch (error) {
            if (!(error instanceof DomainError)) log().error({ err: error }, "sign-in failed");
            // next-auth puts the message into the address of the error page: a code of ours, or nothing.
            throw new Error(error instanceof DomainError ? error.code : "unavailable", { cause: error });
          }
        },
      }),
    ],
    jwt: {
      encode: ({ token }) => {
        const raw = token?.["raw"];
        invariant(typeof raw === "string", "every token is made by verifySignInCode");
        return raw;
      },
      decode: async ({ token }): Promise<JWT | null> => {
        const session = token ? await findSession(token) : null;
        return session && token ? { sub: session.userId, name: session.name, sid: session.sessionId, raw: token } : null;
      },
    },
    callbacks: {
      jwt: ({ token, user }) => (user && "sessionToken" in user ? { ...token, raw: user.sessionToken } : token),
      session: ({ session, token }) => ({ expires: session.expires, user: { id: token.sub, name: token.name } }),
    },
    events: {
      signOut: async ({ token }) => {
        if (!token?.sub || typeof token["sid"] !== "string") return;
        const { ip, userAgent } = await requestVisitor();
        await revokeSession({ userId: token.sub, sessionId: token["sid"], ip, userAgent });
      },
    },
    logger: {
      error: (code) => {
        // An ended session is no error; next-auth clears its cookie.
        if (code !== "JWT_SESSION_ERROR") log().error({ nextAuth: code }, "next-auth failed");
      },
      warn: (code) => log().warn({ nextAuth: code }, "next-auth warns"),
      debug: () => {},
    },
  };
}
