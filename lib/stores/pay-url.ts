import "server-only";
import { env } from "@/lib/env";
import { paths } from "@/lib/paths";

/** What a store's QR says: an HTTPS link that any camera opens. */
export const payUrlOf = (shortCode: string): string => new URL(paths.pay(shortCode), env().APP_URL).href;
