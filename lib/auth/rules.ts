import { DomainError } from "@/lib/errors";

export const AUTH_METHODS = ["phone", "passkey", "wallet"] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** Countries whose phones we text, the first as the default of the picker. */
export const PHONE_COUNTRIES = [
  { code: "BR", callingCode: "55", example: "11 98765-4321" },
  { code: "AR", callingCode: "54", example: "11 2345-6789" },
  { code: "UY", callingCode: "598", example: "94 231 234" },
  { code: "PY", callingCode: "595", example: "961 456789" },
  { code: "CL", callingCode: "56", example: "9 8765 4321" },
  { code: "PT", callingCode: "351", example: "912 345 678" },
  { code: "US", callingCode: "1", example: "201 555 0123" },
] as const;
export type PhoneCountry = (typeof PHONE_COUNTRIES)[number]["code"];
export const DEFAULT_PHONE_COUNTRY: PhoneCountry = "BR";

/** True for a country of the picker; use it on a form field. */
export const isPhoneCountry = (text: unknown): text is PhoneCountry => PHONE_COUNTRIES.some(({ code }) => code === text);

/** What a code that a phone got is good for. A code for one is none for the other. */
export const CODE_PURPOSES = ["sign_in", "phone_change"] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];
export const CODE_DIGITS = 6;
export const CODE_LIFETIME_SECONDS = 300;
export const CODE_TRIES = 5;
/** How long a person waits before another code may be asked for. */
export const CODE_RESEND_SECONDS = 45;
const DAY_SECONDS = 24 * 60 * 60;
/** A session that nobody uses ends after so long; use renews it. */
export const SESSION_LIFETIME_SECONDS = 30 * DAY_SECONDS;
/** However much it is used: so long after the last code, passkey or wallet signature it ends, because a stolen cookie would be used too. */
export const SESSION_PROOF_SECONDS = 90 * DAY_SECONDS;
/** The cookie and the token in it outlive every session, so that their string never changes; the session's row has the last word. */
export const SESSION_COOKIE_SECONDS = 400 * DAY_SECONDS;
/** How exactly "last seen" is known: a write for every page would cost more than the page. */
export const SEEN_SECONDS = 300;

/** What a challenge of ours may be answered for. One challenge, one purpose, one answer. */
export const CHALLENGE_PURPOSES = ["passkey_registration", "passkey_sign_in", "passkey_step_up", "derived_key", "wallet_sign_in", "wallet_link", "wallet_step_up"] as const;
export type ChallengePurpose = (typeof CHALLENGE_PURPOSES)[number];
export const CHALLENGE_LIFETIME_SECONDS = 300;

/** What asks for a passkey or a wallet's signature again, because a code after a code is no second factor (PRODUCT.md §7). */
export const STEP_UP_PURPOSES = [
  "payout",
  "custody",
  "key_export",
  "owners",
  "phone_change",
  "backup_phone",
  "team_change",
  "large_payment",
  "passkeys",
  "wallets",
  "unfreeze",
  "data_export",
  "account_deletion",
  "refund",
] as const;
export type StepUpPurpose = (typeof STEP_UP_PURPOSES)[number];
/** How long one signature stands for. */
export const STEP_UP_SECONDS = 300;
/** Without a passkey or wallet: the wait, with notice, and how long the right then stands. */
export const STEP_UP_WAIT_HOURS = 24;
/** With a passkey or wallet that is not at hand: a longer wait, so that a stolen phone number gains little. */
export const STEP_UP_LOST_WAIT_HOURS = 72;
export const STEP_UP_RIGHT_HOURS = 24;

/** A new device signed in by code alone is held back for so long. */
export const NEW_DEVICE_HOURS = 24;
/** An account that nobody used for so long may belong to a number that was given to somebody else: a new device is held back longer. */
export const DORMANT_DAYS = 180;
export const DORMANT_DEVICE_HOURS = 72;
/** Without a passkey or wallet a new phone number takes so long, with notices. */
export const PHONE_CHANGE_WAIT_HOURS = 72;

const NAME_MIN_LETTERS = 2;
const NAME_MAX_CHARACTERS = 100;
// Letters of any language with the marks real names have. Markup, control and direction characters are not among them.
const NAME = /^[\p{L}\p{M}][\p{L}\p{M}\p{N} .'’·-]*$/u;

/**
 * A person's name in NFC with single spaces. Markup, emoji and right-to-left marks are refused, because a name stands beside money.
 * Fails with: name_invalid.
 */
export function parsePersonName(text: string): string {
  if (text.length > 4 * NAME_MAX_CHARACTERS) throw new DomainError("name_invalid");
  const name = text.normalize("NFC").trim().replace(/ +/g, " ");
  const letters = name.match(/\p{L}/gu)?.length ?? 0;
  if (letters < NAME_MIN_LETTERS || name.length > NAME_MAX_CHARACTERS || !NAME.test(name)) throw new DomainError("name_invalid");
  return name;
}

/** A name for the audit trail: its first letter tells that something changed, and nobody by it. */
export const maskName = (name: string): string => `${[...name][0] ?? ""}•••`;

/** What is left of a code that a person typed or an SMS app pasted: its digits, when there are exactly six, else null. */
export function parseCode(text: string): string | null {
  const digits = text.replace(/[\s-]/g, "");
  return new RegExp(`^[0-9]{${CODE_DIGITS}}$`).test(digits) ? digits : null;
}
