import "server-only";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { invariant } from "@/lib/errors";
import { workerEnv } from "@/lib/env";

/** Whose key it is. Part of what is authenticated: a sealed key moved to another row, or beside another address, does not open. */
export type KeyContext = {
  /** The user's or the store's id. */
  holderId: string;
  /** The key's address, lower case, as its row has it. */
  address: string;
};

/** Seals and opens private keys. Today by keys from the environment; a key management service fits behind the same two verbs. */
export interface KeyEncryption {
  /** The caller keeps, and wipes, the bytes it gave. */
  seal(privateKey: Uint8Array, context: KeyContext): Promise<string>;
  /** Fails when anything was changed or moved, or when the version's key is gone. The caller wipes the bytes it gets. */
  open(sealed: string, context: KeyContext): Promise<Uint8Array>;
}

const FORMAT = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PRIVATE_KEY_BYTES = 32;

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
        throw new Error("A sealed key does not open: it was changed, moved to another holder, or sealed under another key");
      }
    },
  };
}

let ring: KeyEncryption | undefined;

/** The process's key encryption. Only the worker is started with the keys; elsewhere this fails and names the variable. */
export const keyEncryption = (): KeyEncryption => (ring ??= ringKeyEncryption(workerEnv().KEY_ENCRYPTION_KEYS));
