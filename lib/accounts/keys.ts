import "server-only";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { invariant } from "@/lib/errors";
import { workerEnv, type WorkerEnv } from "@/lib/env";
import { DOES_NOT_OPEN, PRIVATE_KEY_BYTES, sealVersionOf, type KeyContext, type KeyEncryption } from "./key-encryption";
import { KMS_FORMAT, kmsKeyEncryption } from "./kms";

/** What stands in the place of a sealed key that is gone for ever. */
export const DESTROYED_KEY = "destroyed";

const FORMAT = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const additionalData = ({ holderId, address }: KeyContext, version: number) => Buffer.from(`${holderId.toLowerCase()}:${version}:${address.toLowerCase()}`);

/**
 * AES-256-GCM under a ring of key-encryption keys, `version:base64` comma separated. The highest version seals and every version
 * opens, so a new key is added without downtime. Sealed: `v1.<version>.<nonce>.<tag>.<ciphertext>`, base64url.
 */
export function ringKeyEncryption(ring: string): KeyEncryption {
  const keys = new Map<number, Buffer>();
  for (const entry of ring.split(",")) {
    const [version = "", key = ""] = entry.split(":");
    const bytes = Buffer.from(key, "base64");
    invariant(/^\d+$/.test(version) && bytes.length === 32 && !keys.has(Number(version)), "KEY_ENCRYPTION_KEYS holds 32-byte keys, one for each version");
    keys.set(Number(version), bytes);
  }
  const newest = Math.max(...keys.keys());
  const keyOf = (version: number): Buffer => {
    const key = keys.get(version);
    invariant(key, `key-encryption key ${version} is in KEY_ENCRYPTION_KEYS`);
    return key;
  };

  return {
    newest: `${FORMAT}.${newest}`,
    seal: async (privateKey, context) => {
      invariant(privateKey.length === PRIVATE_KEY_BYTES, "a private key has 32 bytes");
      // Random 96-bit nonces are safe for 2^32 seals under one key; a key is sealed once a holder.
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", keyOf(newest), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(additionalData(context, newest));
      const ciphertext = Buffer.concat([cipher.update(privateKey), cipher.final()]);
      return [FORMAT, String(newest), ...[nonce, cipher.getAuthTag(), ciphertext].map((part) => part.toString("base64url"))].join(".");
    },
    open: async (sealed, context) => {
      const [format, version = "", ...parts] = sealed.split(".");
      const [nonce, tag, ciphertext] = parts.map((part) => Buffer.from(part, "base64url"));
      invariant(format === FORMAT && /^\d+$/.test(version) && parts.length === 3, "a sealed key has the form of v1");
      invariant(nonce?.length === NONCE_BYTES && tag?.length === TAG_BYTES && ciphertext?.length === PRIVATE_KEY_BYTES, "a sealed key has the sizes of v1");
      const decipher = createDecipheriv("aes-256-gcm", keyOf(Number(version)), nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(additionalData(context, Number(version)));
      decipher.setAuthTag(tag);
      // GCM decrypts before it has checked: nothing is given out until final() has passed.
      const privateKey = decipher.update(ciphertext);
      try {
        decipher.final();
        return privateKey;
      } catch {
        privateKey.fill(0);
        throw new Error(DOES_NOT_OPEN);
      }
    },
  };
}

let encryption: KeyEncryption | undefined;

/** The process's key encryption. Only the worker is started with the keys; elsewhere this fails and names the variable. */
export const keyEncryption = (): KeyEncryption => (encryption ??= encryptionOf(workerEnv()));

/** New seals come from the chosen provider; what the other one sealed opens too, so that keys move between them without a pause. */
export function encryptionOf({ KEY_ENCRYPTION_PROVIDER, KEY_ENCRYPTION_KEYS, KMS_KEYS, KMS_REGION, KMS_ENDPOINT }: WorkerEnv): KeyEncryption {
  const ring = KEY_ENCRYPTION_KEYS ? ringKeyEncryption(KEY_ENCRYPTION_KEYS) : undefined;
  const kms = KMS_KEYS && KMS_REGION ? kmsKeyEncryption({ keys: KMS_KEYS, region: KMS_REGION, endpoint: KMS_ENDPOINT }) : undefined;
  const sealing = KEY_ENCRYPTION_PROVIDER === "aws-kms" ? kms : ring;
  invariant(sealing, "the chosen provider of key encryption has its variables");
  return {
    ...sealing,
    open: async (sealed, context) => {
      const opening = sealed.startsWith(`${KMS_FORMAT}.`) ? kms : ring;
      invariant(opening, `the provider that made a seal of ${sealVersionOf(sealed)} has its variables`);
      return opening.open(sealed, context);
    },
  };
}
