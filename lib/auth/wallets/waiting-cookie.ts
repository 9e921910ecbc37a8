import "server-only";
import { cookies } from "next/headers";
import { sessionCookieOptions } from "../session-token";
import { WALLET_ATTEMPT_SECONDS } from "./rules";

/** Which wallet waits for a phone in this browser. Read by the wallet's own pages only: no other sign-in links what somebody left here. */
const cookieName = () => (sessionCookieOptions().secure ? "__Host-wallet" : "wallet");

export async function keepWaitingWallet(token: string): Promise<void> {
  (await cookies()).set(cookieName(), token, { ...sessionCookieOptions(), maxAge: WALLET_ATTEMPT_SECONDS });
}

/** The token in the cookie, which may be worth nothing any more. */
export async function readWaitingWallet(): Promise<string | null> {
  return (await cookies()).get(cookieName())?.value ?? null;
}

export async function forgetWaitingWallet(): Promise<void> {
  (await cookies()).set(cookieName(), "", { ...sessionCookieOptions(), maxAge: 0 });
}
