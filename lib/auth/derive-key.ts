import "server-only";
import { createHmac, hkdfSync } from "node:crypto";
import { env } from "@/lib/env";

/** What a derived key is for. One secret, one key per purpose: a value made for one is worthless for another. */
export type KeyPurpose = "sign-in-code" | "rate-limit" | "quote" | "send-quote" | "send-phone" | "consent" | "data-export" | "wallet-request" | "invitation" | "pin" | "till-pix";

const keys = new Map<string, Buffer>();

/** 32 bytes by HKDF-SHA256 from NEXTAUTH_SECRET, bound to the purpose. Equal in every web process. */
export function deriveKey(purpose: KeyPurpose): Buffer {
  const secret = env().NEXTAUTH_SECRET;
  const known = keys.get(purpose);
  if (known) return known;
  const key = Buffer.from(hkdfSync("sha256", secret, "", `cocopay/${purpose}/v1`, 32));
  keys.set(purpose, key);
  return key;
}

/** HMAC-SHA256 of a text under the purpose's key. */
export const keyedHash = (purpose: KeyPurpose, text: string): Buffer => createHmac("sha256", deriveKey(purpose)).update(text).digest();
