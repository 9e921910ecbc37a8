import { startAuthentication, startRegistration, WebAuthnError, type AuthenticationExtensionsClientOutputs, type PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import { mapHashToField } from "@noble/curves/abstract/modular.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { derivedKeyMessage, type DerivedProof, type NewPasskey, type PasskeyAnswer, type PasskeyHandle, type PasskeyRequest, type SaltVersion } from "@/lib/auth/passkeys/rules";

/**
 * A person's own key, made of a passkey's PRF output, in this page only, for the length of one use: PRF output → HKDF-SHA256 → a number
 * below the curve's order → key → address. Neither output nor key is ever a text, posted, stored or logged; the bytes are wiped.
 */
export type DerivedKey = {
  /** Lower case. */
  address: `0x${string}`;
  saltVersion: SaltVersion;
  /** Signs 32 bytes as they are, r ‖ s ‖ v, such as a user operation's hash. */
  signHash: (hash: Uint8Array | `0x${string}`) => `0x${string}`;
  /** personal_sign (EIP-191) of a text. */
  signMessage: (text: string) => `0x${string}`;
};
type WipeableKey = DerivedKey & { wipe: () => void };

/** Never change an entry: its passkeys would derive other addresses. */
const SALTS: Record<SaltVersion, string> = { 1: "cocopay/prf/v1" };
const INFO: Record<SaltVersion, string> = { 1: "cocopay/derived-key/secp256k1/v1" };
const SALT_VERSION: SaltVersion = 1;
/** 128 bits more than the curve's order has, so that the remainder favours no key. */
const KEY_MATERIAL_BYTES = 48;
const PRF_BYTES = 32;

/** Why there is no answer: `cancelled` by the person or out of time, `exists` already, `no_key` as this passkey can't derive one. */
export class PasskeyError extends Error {
  constructor(
    readonly reason: "cancelled" | "replaced" | "exists" | "no_key" | "failed",
    options?: ErrorOptions,
  ) {
    super(reason, options);
    this.name = "PasskeyError";
  }
}

/** The key of a PRF output, which is wiped. */
export function keyOfPrf(prf: Uint8Array, saltVersion: SaltVersion = SALT_VERSION): WipeableKey {
  const material = hkdf(sha256, prf, undefined, utf8ToBytes(INFO[saltVersion]), KEY_MATERIAL_BYTES);
  prf.fill(0);
  // (material mod (n − 1)) + 1: never zero, never the order.
  const secret = mapHashToField(material, secp256k1.Point.Fn.ORDER);
  material.fill(0);
  const address = `0x${bytesToHex(keccak_256(secp256k1.getPublicKey(secret, false).subarray(1)).subarray(12))}` as const;
  let isWiped = false;
  const sign = (hash: Uint8Array): `0x${string}` => {
    if (isWiped) throw new Error("This key was wiped");
    if (hash.length !== 32) throw new Error("A hash has 32 bytes");
    const signature = secp256k1.sign(hash, secret, { prehash: false, lowS: true, format: "recovered" });
    return `0x${bytesToHex(concatBytes(signature.subarray(1), Uint8Array.of(27 + signature[0]!)))}`;
  };
  return {
    address,
    saltVersion,
    signHash: (hash) => sign(typeof hash === "string" ? hexToBytes(hash.slice(2)) : hash),
    signMessage: (text) => {
      const message = utf8ToBytes(text);
      return sign(keccak_256(concatBytes(utf8ToBytes(`\u0019Ethereum Signed Message:\n${message.length}`), message)));
    },
    wipe: () => {
      secret.fill(0);
      isWiped = true;
    },
  };
}

/** What the key proves itself with, over the challenge of the request that the passkey answered. */
export const proveKey = (key: DerivedKey, challenge: string): DerivedProof => ({
  address: key.address,
  signature: key.signMessage(derivedKeyMessage({ address: key.address, challenge })),
  saltVersion: key.saltVersion,
});

/**
 * One touch: asks for a passkey and lends the key that it derives to `work`; afterwards the key is gone. The answer signs the request's
 * challenge and can be posted for a sign-in or a step-up. Give `randomRequest` when only the key is wanted.
 * Fails with: PasskeyError (no_key when the passkey or this browser can't derive one).
 */
export async function withDerivedKey<T>(request: PasskeyRequest, work: (key: DerivedKey, answer: PasskeyAnswer) => Promise<T>): Promise<T> {
  return askPasskey(request, async (answer, key) => {
    if (!key) throw new PasskeyError("no_key");
    return work(key, answer);
  });
}

/** A request whose signature nobody checks, for uses of the key alone: no question to the server before the touch. */
export const randomRequest = ({ rpId, credentials }: { rpId: string; credentials: PasskeyHandle[] }): PasskeyRequest => ({
  challenge: base64urlOf(crypto.getRandomValues(new Uint8Array(32))),
  rpId,
  credentials,
});

/** The same for uses that don't need the key: null where there is none. `isAutofill` waits for the browser's own suggestion on a field. */
export async function askPasskey<T>(
  { challenge, rpId, credentials }: PasskeyRequest,
  work: (answer: PasskeyAnswer, key: DerivedKey | null) => Promise<T>,
  { isAutofill = false, wantsKey = true }: { isAutofill?: boolean; wantsKey?: boolean } = {},
): Promise<T> {
  const ask = (hasPrf: boolean) =>
    startAuthentication({
      optionsJSON: {
        challenge,
        rpId,
        userVerification: "required",
        allowCredentials: credentials.map(({ credentialId, transports }) => ({ id: credentialId, type: "public-key" as const, transports: transports as never })),
        ...(hasPrf ? { extensions: prfExtension() } : {}),
      },
      useBrowserAutofill: isAutofill,
    });
  const { id, response, clientExtensionResults } = await withoutPrfOnFailure(ask, wantsKey);
  const prf = prfOf(clientExtensionResults);
  const answer: PasskeyAnswer = {
    credentialId: id,
    clientDataJson: response.clientDataJSON,
    authenticatorData: response.authenticatorData,
    signature: response.signature,
    userHandle: response.userHandle ?? null,
  };
  return lend(prf, (key) => work(answer, key));
}

/**
 * Makes a passkey and proves the key that it derives. Authenticators that derive only when asked for a signature are asked once more.
 * Fails with: PasskeyError (exists when this device has one of this account).
 */
export async function createPasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<{ passkey: NewPasskey; derived: DerivedProof | null }> {
  const create = (hasPrf: boolean) => startRegistration({ optionsJSON: { ...options, extensions: { ...options.extensions, ...(hasPrf ? prfExtension() : {}) } } });
  const { id, response, clientExtensionResults } = await withoutPrfOnFailure(create, true);
  const passkey: NewPasskey = {
    credentialId: id,
    clientDataJson: response.clientDataJSON,
    attestationObject: response.attestationObject,
    transports: (response.transports ?? []) as NewPasskey["transports"],
  };
  const canDerive = clientExtensionResults.prf?.enabled === true;
  const prf = prfOf(clientExtensionResults);
  const prove = async (key: DerivedKey | null) => (key ? proveKey(key, options.challenge) : null);
  if (prf || !canDerive) return { passkey, derived: await lend(prf, prove) };
  const again = randomRequest({ rpId: options.rp.id ?? location.hostname, credentials: [{ credentialId: id, transports: passkey.transports }] });
  // The passkey is there and signs in; a second touch that is refused costs only the key, which can be made up for later.
  const derived = await askPasskey(again, async (_answer, key) => prove(key)).catch(() => null);
  return { passkey, derived };
}

/** Lends the key for one use and wipes it, whatever happens. */
async function lend<T>(prf: Uint8Array | null, work: (key: DerivedKey | null) => Promise<T>): Promise<T> {
  const key = prf ? keyOfPrf(prf) : null;
  try {
    return await work(key);
  } finally {
    key?.wipe();
  }
}

/** An empty `prf: {}` breaks some systems, so the salt is always in it. */
const prfExtension = () => ({ prf: { eval: { first: Uint8Array.from(utf8ToBytes(SALTS[SALT_VERSION])) } } });

/** The output as the bytes that the browser holds, so that wiping it wipes them; null when there is none. */
function prfOf({ prf }: AuthenticationExtensionsClientOutputs): Uint8Array | null {
  const first = prf?.results?.first;
  if (!first) return null;
  const bytes = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer as ArrayBuffer, first.byteOffset, first.byteLength);
  return bytes.length === PRF_BYTES ? bytes : null;
}

/** Some authenticators fail for the extension alone: an unexpected error gets one more try without it. */
async function withoutPrfOnFailure<T>(ask: (hasPrf: boolean) => Promise<T>, wantsKey: boolean): Promise<T> {
  try {
    return await ask(wantsKey);
  } catch (error) {
    const failure = passkeyErrorOf(error);
    if (!wantsKey || failure.reason !== "failed") throw failure;
  }
  try {
    return await ask(false);
  } catch (error) {
    throw passkeyErrorOf(error);
  }
}

function passkeyErrorOf(error: unknown): PasskeyError {
  const name = error instanceof Error ? error.name : "";
  if (error instanceof WebAuthnError && error.code === "ERROR_CEREMONY_ABORTED") return new PasskeyError("replaced", { cause: error });
  if (name === "AbortError") return new PasskeyError("replaced", { cause: error });
  if (name === "NotAllowedError") return new PasskeyError("cancelled", { cause: error });
  if (name === "InvalidStateError") return new PasskeyError("exists", { cause: error });
  return new PasskeyError("failed", { cause: error });
}

const base64urlOf = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
