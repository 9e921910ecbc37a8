import "server-only";
import { env } from "@/lib/env";

/** Whom passkeys belong to. The id never changes once people have passkeys: another id is another set of passkeys, and of derived keys. */
export function relyingParty(): { id: string; origin: string; name: string } {
  const { APP_URL, RP_ID } = env();
  return { id: RP_ID ?? new URL(APP_URL).hostname, origin: APP_URL, name: "CocoPay" };
}

/** WebAuthn's user handle: the 16 bytes of the person's id, base64url. It tells nothing and never changes. */
export const userHandleOf = (userId: string): string => Buffer.from(userId.replaceAll("-", ""), "hex").toString("base64url");
