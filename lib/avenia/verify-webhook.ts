import "server-only";
import { constants, verify, type KeyObject } from "node:crypto";
import type { PublicKeys } from "./public-key";

const SIGNATURE = /^[A-Za-z0-9+/]{64,2048}={0,2}$/;

const isSignedBy = (key: KeyObject, body: Buffer, signature: Buffer): boolean =>
  verify("sha256", body, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }, signature);

/**
 * Whether the provider sent exactly these bytes: base64 RSA-PSS, SHA-256, over the body before anything parsed it. A signature that misses the
 * key we know is tried once against a fresh one. `unknown`: no key could be had, so nothing is said; the provider sends it again.
 */
export async function verifyWebhook(keys: PublicKeys, body: Buffer, header: string | null): Promise<"genuine" | "forged" | "unknown"> {
  if (!header || !SIGNATURE.test(header)) return "forged";
  const signature = Buffer.from(header, "base64");
  const known = await keys.current();
  if (known && isSignedBy(known, body, signature)) return "genuine";
  const fresh = await keys.refetched();
  if (fresh) return isSignedBy(fresh, body, signature) ? "genuine" : "forged";
  return known ? "forged" : "unknown";
}
