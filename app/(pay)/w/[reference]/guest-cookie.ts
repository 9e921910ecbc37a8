import { env } from "@/lib/env";
import { paths } from "@/lib/paths";

/** Holds the key of one wallet's page, and is sent to that page alone. */
export const GUEST_COOKIE = "cocopay.guest";
/** Remembers on a charge's own page which wallet's page this browser opened for it. Public, as the reference is. */
export const CHARGE_COOKIE = "cocopay.guest_charge";
const KEPT_SECONDS = 30 * 86_400;

const optionsAt = (path: string) => ({ httpOnly: true, sameSite: "lax", secure: env().APP_URL.startsWith("https://"), path, maxAge: KEPT_SECONDS }) as const;

export const guestCookieOptions = (reference: string) => optionsAt(paths.guestPayment(reference));
export const chargeCookieOptions = (chargeId: string) => optionsAt(paths.charge(chargeId));
