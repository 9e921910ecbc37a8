import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { isLocale, LOCALE_COOKIE } from "@/lib/i18n/locale";
import { isSharedTillPath, paths, safeNext } from "@/lib/paths";
import type { Actor, Visitor } from "./actor";
import { clientAddress } from "./client-address";
import { findSession, recordVisit, type LiveSession } from "./find-session";
import { PATH_HEADER } from "./request-headers";
import { revokeSession } from "./revoke-session";
import { SESSION_COOKIE_SECONDS } from "./rules";
import { sessionCookieName, sessionCookieOptions } from "./session-token";
import { signInByPasskey } from "./passkeys/sign-in-by-passkey";
import { verifySignInCode, type SignedIn } from "./verify-sign-in-code";
import { visitorOf } from "./visitor";
import type { WalletAnswer } from "./wallets/rules";
import { signInByWallet } from "./wallets/sign-in-by-wallet";
import { keepWaitingWallet } from "./wallets/waiting-cookie";

/** Asked once per request, however many pages and layouts want to know. */
const readSession = cache(async (): Promise<{ hasCookie: boolean; session: LiveSession | null }> => {
  const token = (await cookies()).get(sessionCookieName())?.value;
  if (!token) return { hasCookie: false, session: null };
  const session = await findSession(token);
  if (session?.isVisitDue) await recordVisit(session, clientAddress(await headers()));
  return { hasCookie: true, session };
});

/**
 * Who this session belongs to, also at a shared till's every address; null for a stranger and for a session that ended. For what checks by itself
 * what a shared till may (requirePermission): the door of actions and the store's live stream.
 */
export const tillActor = cache(async (): Promise<Actor | null> => {
  const { session } = await readSession();
  if (!session) return null;
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value;
  const visitor = visitorOf(await headers(), chosen);
  const { userId, sessionId, name, phone, sharedStoreId } = session;
  return {
    userId,
    sessionId,
    name,
    phone,
    locale: isLocale(chosen) ? chosen : (session.locale ?? visitor.locale),
    ip: visitor.ip,
    userAgent: visitor.userAgent,
    sharedStoreId,
  };
});

/** The signed-in person, or null for a stranger, for a session that ended, and for a shared till outside its own pages: there it is nobody's account. */
export const optionalActor = cache(async (): Promise<Actor | null> => {
  const actor = await tillActor();
  if (!actor?.sharedStoreId) return actor;
  return isSharedTillPath((await headers()).get(PATH_HEADER) ?? "", actor.sharedStoreId) ? actor : null;
});

/**
 * The signed-in person, or a trip to the sign-in and back to this page. The cookie of an ended session is cleared on the way. At a shared till the
 * trip is to the page that asks for the PIN of the session's own person.
 */
export async function requireActor(): Promise<Actor> {
  const actor = await optionalActor();
  if (actor) return actor;
  const next = safeNext((await headers()).get(PATH_HEADER));
  const { hasCookie, session } = await readSession();
  if (session?.sharedStoreId) redirect(paths.leaveSharedTill(session.sharedStoreId, next));
  redirect(hasCookie ? paths.sessionEnded(next) : paths.login(next));
}

/** The same inside a server action, which can clear the cookie itself and must: its redirects are followed by the server, not the browser. */
export async function requireActorInAction(): Promise<Actor> {
  const actor = await tillActor();
  if (actor) return actor;
  if ((await readSession()).hasCookie) await clearCookie();
  redirect(paths.login(safeNext((await headers()).get(PATH_HEADER))));
}

/**
 * Signs in with a code and sets the cookie: the same use case and the same cookie as next-auth's own callback, which a server
 * action cannot call.
 * Fails with what verifySignInCode fails with.
 */
export async function startSession(visitor: Visitor, input: { phone: string; code: string }): Promise<{ userId: string; sessionId: string; name: string | null; isNew: boolean }> {
  return keepSession(await verifySignInCode(visitor, input));
}

/** The same by a passkey. Fails with what signInByPasskey fails with. */
export async function startPasskeySession(visitor: Visitor, input: Parameters<typeof signInByPasskey>[1]): Promise<{ userId: string; name: string | null; isNew: boolean }> {
  return keepSession(await signInByPasskey(visitor, input));
}

/**
 * The same by a wallet. One that nobody has waits in a cookie of its own until a phone is verified.
 * Fails with what signInByWallet fails with.
 */
export async function startWalletSession(visitor: Visitor, answer: WalletAnswer): Promise<{ kind: "signed_in"; name: string | null } | { kind: "phone_needed" }> {
  const outcome = await signInByWallet(visitor, answer);
  if (outcome.kind === "phone_needed") await keepWaitingWallet(outcome.token);
  else await keepSession({ ...outcome, isNew: false });
  return outcome.kind === "signed_in" ? { kind: "signed_in", name: outcome.name } : { kind: "phone_needed" };
}

/** Sets the cookie of a sign-in. */
async function keepSession({ token, userId, sessionId, name, isNew }: SignedIn) {
  (await cookies()).set(sessionCookieName(), token, { ...sessionCookieOptions(), maxAge: SESSION_COOKIE_SECONDS });
  return { userId, sessionId, name, isNew };
}

/** Signs out: the row first, because it is what every process asks, then the cookie. */
export async function endSession(actor: Actor) {
  await revokeSession(actor);
  await clearCookie();
}

async function clearCookie() {
  (await cookies()).set(sessionCookieName(), "", { ...sessionCookieOptions(), maxAge: 0 });
}
