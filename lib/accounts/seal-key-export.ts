import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { webcrypto } from "node:crypto";
import { db } from "@/db/client";
import { keyExports } from "@/db/schema";
import { withSigningKey } from "./with-signing-key";

const INFO = "cocopay/key-export/v1";
const { subtle } = webcrypto;
const base64url = (bytes: ArrayBuffer | Uint8Array) => Buffer.from(bytes as Uint8Array).toString("base64url");

/**
 * Seals a person's managed key to the browser that asked (ECIES): an ephemeral P-256 key, ECDH (32 bytes), HKDF-SHA-256 with the
 * export's id as salt and "cocopay/key-export/v1" as info, AES-256-GCM. Text: `v1.<ephemeral public key>.<nonce>.<ciphertext and
 * tag>`, each base64url. The plaintext is the 32 bytes of the key. Worker only.
 */
export async function sealKeyExport(exportId: string): Promise<void> {
  const [row] = await db.select().from(keyExports).where(and(eq(keyExports.id, exportId), isNull(keyExports.sealed), isNull(keyExports.fetchedAt), sql`${keyExports.expiresAt} > now()`));
  if (!row) return;
  const sealed = await withSigningKey({ userId: row.userId }, (privateKey) => sealTo({ recipientKey: row.recipientKey, exportId, privateKey }));
  await db.update(keyExports).set({ sealed }).where(and(eq(keyExports.id, exportId), isNull(keyExports.fetchedAt)));
}

async function sealTo({ recipientKey, exportId, privateKey }: { recipientKey: string; exportId: string; privateKey: Uint8Array }): Promise<string> {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const recipient = await subtle.importKey("raw", Buffer.from(recipientKey, "base64url"), curve, false, []);
  const ephemeral = await subtle.generateKey(curve, false, ["deriveBits"]);
  const shared = await subtle.importKey("raw", await subtle.deriveBits({ name: "ECDH", public: recipient }, ephemeral.privateKey, 256), "HKDF", false, ["deriveKey"]);
  const key = await subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: Buffer.from(exportId), info: Buffer.from(INFO) }, shared, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = webcrypto.getRandomValues(new Uint8Array(12));
  const ciphertext = await subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, privateKey);
  return ["v1", base64url(await subtle.exportKey("raw", ephemeral.publicKey)), base64url(nonce), base64url(ciphertext)].join(".");
}
