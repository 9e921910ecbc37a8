import "server-only";
import { DecryptCommand, EncryptCommand, IncorrectKeyException, InvalidCiphertextException, KMSClient } from "@aws-sdk/client-kms";
import { invariant } from "@/lib/errors";
import { DOES_NOT_OPEN, PRIVATE_KEY_BYTES, type KeyContext, type KeyEncryption } from "./key-encryption";

export const KMS_FORMAT = "v2";
/** Blobs of a symmetric key around 32 bytes have about 170 bytes. */
const BLOB_BYTES_MAX = 1_000;
const ATTEMPTS = 3;
const CONNECT_MS = 2_000;
const REQUEST_MS = 5_000;

/**
 * AWS KMS: the service encrypts the 32 bytes themselves, so the key-encryption key never leaves it and each opening is in its own
 * log. Holder, version and address are the encryption context, which it authenticates. Several keys by version, `version:id or
 * ARN`: the highest seals, all open. Sealed: `v2.<version>.<blob>`, base64url. The service's protocol is JSON, so the SDK holds the bytes
 * as text for the length of a request.
 */
export function kmsKeyEncryption({ keys, region, endpoint }: { keys: string; region: string; endpoint?: string | undefined }): KeyEncryption {
  const keyIds = new Map(
    keys.split(",").map((entry) => {
      const at = entry.indexOf(":");
      return [Number(entry.slice(0, at)), entry.slice(at + 1)] as const;
    }),
  );
  const newest = Math.max(...keyIds.keys());
  const client = new KMSClient({ region, maxAttempts: ATTEMPTS, requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS }, ...(endpoint && { endpoint }) });
  const encryptionContext = ({ holderId, address }: KeyContext, version: number) => ({ holder: holderId.toLowerCase(), version: String(version), address: address.toLowerCase() });

  return {
    newest: `${KMS_FORMAT}.${newest}`,
    seal: async (privateKey, context) => {
      invariant(privateKey.length === PRIVATE_KEY_BYTES, "a private key has 32 bytes");
      const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: keyIds.get(newest), Plaintext: privateKey, EncryptionContext: encryptionContext(context, newest) }));
      invariant(CiphertextBlob, "KMS answers what it encrypted");
      return [KMS_FORMAT, String(newest), Buffer.from(CiphertextBlob).toString("base64url")].join(".");
    },
    open: async (sealed, context) => {
      const [format, version = "", blob = "", ...rest] = sealed.split(".");
      const bytes = Buffer.from(blob, "base64url");
      invariant(format === KMS_FORMAT && /^\d+$/.test(version) && rest.length === 0 && bytes.length > 0 && bytes.length <= BLOB_BYTES_MAX, "a sealed key has the form of v2");
      const KeyId = keyIds.get(Number(version));
      invariant(KeyId, `key-encryption key ${version} is in KMS_KEYS`);
      try {
        const { Plaintext } = await client.send(new DecryptCommand({ KeyId, CiphertextBlob: bytes, EncryptionContext: encryptionContext(context, Number(version)) }));
        invariant(Plaintext?.length === PRIVATE_KEY_BYTES, "what KMS opens is a private key");
        return Plaintext;
      } catch (error) {
        // The service says no more than this either.
        if (error instanceof InvalidCiphertextException || error instanceof IncorrectKeyException) throw new Error(DOES_NOT_OPEN, { cause: error });
        throw error;
      }
    },
  };
}
