import { z } from "zod";
import { DomainError } from "@/lib/errors";

/** More than anybody needs, and few enough that every one fits into a request to the browser. */
export const PASSKEYS_MAX = 10;
export const PASSKEY_NAME_MAX = 60;

/** COSE numbers of the signatures we take: EdDSA, ES256, RS256. */
export const PASSKEY_ALGORITHMS = [-8, -7, -257];

/** What the page must still know of a passkey to ask for it again. */
export type PasskeyHandle = { credentialId: string; transports: string[] };

/** What a page needs to ask for a passkey's signature. Without credentials the browser offers what it has. */
export type PasskeyRequest = { challenge: string; rpId: string; credentials: PasskeyHandle[] };

/** What a page needs to tell the browser which passkeys still count, and how their person is called now. */
export type PasskeySignal = { rpId: string; userHandle: string; credentialIds: string[]; userName: string; displayName: string };

const bytes = (maxCharacters: number) => z.string().min(1).max(maxCharacters).regex(/^[A-Za-z0-9_-]+$/);

/** A passkey's signature as a page of ours posts it. Extension results, where a PRF output would stand, are not among the fields. */
export const PasskeyAnswer = z.strictObject({
  credentialId: bytes(512),
  clientDataJson: bytes(2_000),
  authenticatorData: bytes(2_000),
  signature: bytes(1_000),
  userHandle: bytes(100).nullable(),
});
export type PasskeyAnswer = z.output<typeof PasskeyAnswer>;

const TRANSPORTS = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"] as const;

/** A new passkey as a page of ours posts it. Transports that we don't know are left out: they are only a hint for the browser. */
export const NewPasskey = z.strictObject({
  credentialId: bytes(512),
  clientDataJson: bytes(2_000),
  attestationObject: bytes(8_000),
  transports: z
    .array(z.string().max(30))
    .max(10)
    .transform((given) => TRANSPORTS.filter((known) => given.includes(known))),
});
export type NewPasskey = z.output<typeof NewPasskey>;

/** The salt that a derived key came from. A new salt is a new version: an old address must stay derivable. */
export const SALT_VERSIONS = [1] as const;
export type SaltVersion = (typeof SALT_VERSIONS)[number];

/** The address of the key that the page derived, signed over the challenge of the same request. */
export const DerivedProof = z.strictObject({
  address: z.string().regex(/^0x[0-9a-f]{40}$/),
  signature: z.string().regex(/^0x[0-9a-f]{130}$/),
  saltVersion: z.literal(SALT_VERSIONS),
});
export type DerivedProof = z.output<typeof DerivedProof>;

/** What the derived key signs: it exists, its page holds it, and the server asked just now. */
export const derivedKeyMessage = ({ address, challenge }: { address: string; challenge: string }): string =>
  `CocoPay: ${address.toLowerCase()} is the key of my passkey. ${challenge}`;

// Letters, digits and the marks that device names have; no markup, control or direction characters.
const NAME = /^[\p{L}\p{M}\p{N} .,'’()·+&/-]+$/u;

/**
 * A passkey's name as its person wrote it.
 * Fails with: name_invalid.
 */
export function parsePasskeyName(text: string): string {
  if (text.length > 4 * PASSKEY_NAME_MAX) throw new DomainError("name_invalid");
  const name = text.normalize("NFC").trim().replace(/ +/g, " ");
  if (name.length < 1 || name.length > PASSKEY_NAME_MAX || !NAME.test(name)) throw new DomainError("name_invalid");
  return name;
}
