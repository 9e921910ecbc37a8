import { maskCpf, readCnpj, readCpf, shownCnpj } from "./documents";
import { PIX_KEY_TYPES, type PixKeyType } from "./rules";

/** `key` in the one spelling that the directory of keys knows; `shown` as it may stand on a screen. */
export type PixKey = { type: PixKeyType; key: string; shown: string };

const TYPED_MAX = 120;
const EMAIL_MAX = 77;
/** Area codes in use. Source: Anatel, Plano Geral de Códigos Nacionais. */
const AREA_CODES = new Set(
  "11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 53 54 55 61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99".split(" "),
);
const DOMAIN_PART = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** The directory's own pattern, without % (RAILS §1.6), and with a dot in the domain. */
const EMAIL = new RegExp(`^[a-z0-9.!#$&'*+/=?^_\`{|}~-]+@${DOMAIN_PART}(?:\\.${DOMAIN_PART})+$`);
const RANDOM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What comes along when a key is copied: spaces at the ends and characters that nobody sees. */
const pasted = (text: string): string => text.slice(0, TYPED_MAX).replace(/[\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, "").trim();

/** +55, area and nine digits: Pix takes mobile phones. With +55, 55, 0 or nothing in front. */
function readPhone(text: string): string | null {
  if (!/^\+?[\d\s\u00a0().\-\u2010-\u2015]+$/.test(text)) return null;
  const digits = text.replace(/\D/g, "");
  const national = text.startsWith("+") || digits.length > 12 ? (digits.startsWith("55") ? digits.slice(2) : "") : digits.replace(/^0/, "");
  return national.length === 11 && national[2] === "9" && AREA_CODES.has(national.slice(0, 2)) ? `+55${national}` : null;
}

function readEmail(text: string): string | null {
  const email = text.replace(/^mailto:/i, "").toLowerCase();
  return email.length <= EMAIL_MAX && EMAIL.test(email) ? email : null;
}

/** A UUID in lower case; the dashes may have been lost. */
function readRandom(text: string): string | null {
  const bare = text.toLowerCase().replace(/[\s\u00a0\u2010-\u2015-]/g, "");
  const key = bare.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return RANDOM.test(key) ? key : null;
}

const READERS: Record<PixKeyType, (text: string) => string | null> = { cpf: readCpf, cnpj: readCnpj, phone: readPhone, email: readEmail, random: readRandom };

/** A key as it may be shown: enough for its owner to know it, too little to give a person away. */
export function maskPixKey(type: PixKeyType, key: string): string {
  switch (type) {
    case "cpf":
      return maskCpf(key);
    case "cnpj":
      return shownCnpj(key);
    case "phone":
      return `+55 ${key.slice(3, 5)} •••••-${key.slice(-4)}`;
    case "email":
      return `${key.slice(0, 1)}•••${key.slice(key.indexOf("@"))}`;
    case "random":
      return `${key.slice(0, 4)}••••${key.slice(-4)}`;
  }
}

/** What was typed or pasted as a key of a type; null when it is none. Nobody is asked: whether the key exists only its directory knows. */
export function validatePixKey(type: PixKeyType, text: string): PixKey | null {
  const key = READERS[type](pasted(text));
  return key === null ? null : { type, key, shown: maskPixKey(type, key) };
}

/**
 * The types that a text can be, for a form that asks instead of guessing: eleven bare digits that look like a phone are also what a mistyped CPF
 * looks like, so both are offered, and the right one says what is wrong. Empty for what is no key at all.
 */
export function candidates(text: string): PixKeyType[] {
  const typed = pasted(text);
  const isBare = /^\d{11}$/.test(typed);
  return PIX_KEY_TYPES.filter((type) => READERS[type](typed) !== null || (type === "cpf" && isBare && readPhone(typed) !== null));
}

/** The type of a key in the directory's spelling; null for any other text. No two types share a spelling. */
export function typeOfKey(key: string): PixKeyType | null {
  if (key.startsWith("+")) return readPhone(key) === key ? "phone" : null;
  return PIX_KEY_TYPES.find((type) => type !== "phone" && READERS[type](key) === key) ?? null;
}
