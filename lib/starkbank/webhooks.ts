import "server-only";
import { verify, type KeyObject } from "node:crypto";
import { z } from "zod";
import type { PublicKeys } from "@/lib/avenia/public-key";

const SIGNATURE = /^[A-Za-z0-9+/]{80,120}={0,2}$/;

const isSignedBy = (key: KeyObject, body: Buffer, signature: Buffer): boolean => key.asymmetricKeyType === "ec" && verify("sha256", body, key, signature);

/**
 * Whether the bank sent exactly these bytes: header Digital-Signature, ECDSA over secp256k1 with SHA-256, DER in base64. Its key is at /v2/public-key in
 * the form that `publicKeys` reads, and rotates as the other provider's does: a miss is tried once against a fresh key. `unknown`: no key could be had.
 */
export async function verifyStarkWebhook(keys: PublicKeys, body: Buffer, header: string | null): Promise<"genuine" | "forged" | "unknown"> {
  if (!header || !SIGNATURE.test(header)) return "forged";
  const signature = Buffer.from(header, "base64");
  const known = await keys.current();
  if (known && isSignedBy(known, body, signature)) return "genuine";
  const fresh = await keys.refetched();
  if (fresh) return isSignedBy(fresh, body, signature) ? "genuine" : "forged";
  return known ? "forged" : "unknown";
}

const Event = z.object({
  event: z.looseObject({ id: z.string().min(1).max(200), subscription: z.string().max(60), log: z.looseObject({ type: z.string(), transfer: z.looseObject({ id: z.string().min(1), externalId: z.string().nullish() }).optional() }) }),
});

/** Whom a genuine webhook is about; what happened is asked of the bank itself. Null when it is nothing that we can read. */
export function readStarkEvent(body: Buffer): { id: string; subscription: string; transferId: string | null; externalId: string | null } | null {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
  const parsed = Event.safeParse(json);
  if (!parsed.success) return null;
  const { id, subscription, log } = parsed.data.event;
  return { id, subscription, transferId: log.transfer?.id ?? null, externalId: log.transfer?.externalId || null };
}
