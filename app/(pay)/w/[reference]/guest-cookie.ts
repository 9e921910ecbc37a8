import { env } from "@/lib/env";
import { paths } from "@/lib/paths";

/** Holds the key of one wallet's page, and is sent to that page alone. */
export const GUEST_COOKIE = "cocopay.guest";
const KEPT_SECONDS = 30 * 86_400;

export const guestCookieOptions = (reference: string) =>
  ({ httpOnly: true, sameSite: "lax", secure: env().APP_URL.startsWith("https://"), path: paths.guestPayment(reference), maxAge: KEPT_SECONDS }) as const;
