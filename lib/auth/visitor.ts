import "server-only";
import { randomBytes } from "node:crypto";
import { cookies, headers } from "next/headers";
import { chooseLocale, LOCALE_COOKIE } from "@/lib/i18n/locale";
import type { Visitor } from "./actor";
import { clientAddress } from "./client-address";
import { DEVICE_HEADER, DEVICE_ID } from "./request-headers";

const MAX_USER_AGENT = 500;

/** Who sent this request, as far as it can be known without a session. */
export async function readVisitor(): Promise<Visitor> {
  return visitorOf(await headers(), (await cookies()).get(LOCALE_COOKIE)?.value);
}

/** The same from a request's parts, for route handlers. */
export function visitorOf(headers: Headers, localeCookie: string | undefined): Visitor {
  const deviceId = headers.get(DEVICE_HEADER) ?? "";
  return {
    ip: clientAddress(headers),
    userAgent: headers.get("user-agent")?.slice(0, MAX_USER_AGENT) ?? null,
    // Without the cookie each request is a new device, and the limits by phone and address hold it.
    deviceId: DEVICE_ID.test(deviceId) ? deviceId : randomBytes(16).toString("base64url"),
    locale: chooseLocale(localeCookie),
  };
}
