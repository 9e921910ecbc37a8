import "server-only";
import { cookies } from "next/headers";
import { sessionCookieOptions } from "@/lib/auth/session-token";

/** A device stands at one till of a store, for as long as browsers keep a cookie. It proves nothing: the server asks whether the till is the store's. */
const KEPT_SECONDS = 400 * 86_400;
const nameOf = (storeId: string) => `till-${storeId}`;

/** The till that this device keeps for a store, or null. What it says has to be looked up (findTill). */
export async function readTillCookie(storeId: string): Promise<string | null> {
  return (await cookies()).get(nameOf(storeId))?.value ?? null;
}

/** Keeps a till on this device, or forgets it. Only in actions: pages can't write cookies. */
export async function writeTillCookie(storeId: string, tillId: string | null): Promise<void> {
  (await cookies()).set(nameOf(storeId), tillId ?? "", { ...sessionCookieOptions(), maxAge: tillId ? KEPT_SECONDS : 0 });
}
