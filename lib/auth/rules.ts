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

export const CODE_DIGITS = 6;
export const CODE_LIFETIME_SECONDS = 300;
export const CODE_TRIES = 5;
/** How long a person waits before another code may be asked for. */
export const CODE_RESEND_SECONDS = 45;
export const SESSION_LIFETIME_SECONDS = 30 * 24 * 60 * 60;

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

/** What is left of a code that a person typed or an SMS app pasted: its digits, when there are exactly six, else null. */
export function parseCode(text: string): string | null {
  const digits = text.replace(/[\s-]/g, "");
  return new RegExp(`^[0-9]{${CODE_DIGITS}}$`).test(digits) ? digits : null;
}
