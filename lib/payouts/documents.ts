/** Brazil's two tax numbers. Pure: the page checks while somebody types, the server checks again. */

const CPF_DIGITS = 11;
const CNPJ_CHARACTERS = 14;
const ASCII_ZERO = 48;
const isOneCharacter = (text: string): boolean => /^(.)\1*$/.test(text);

/** The check digit over values weighted by `weights`: 11 minus the rest by 11, and 0 where that has two digits. */
function checkDigit(values: number[], weights: number[]): number {
  const rest = values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) % 11;
  return rest < 2 ? 0 : 11 - rest;
}

/** Weights that end at 2 on the right: up to 11 for a CPF; up to 9 and round again for a CNPJ. */
const weightsOf = (length: number, highest: number): number[] => Array.from({ length }, (_, index) => ((length - 1 - index) % (highest - 1)) + 2);
/** A character's value is its ASCII code less that of 0: a digit is itself, A is 17. Source: RFB, IN 2.229/2024, annex. */
const valuesOf = (text: string): number[] => [...text].map((character) => character.charCodeAt(0) - ASCII_ZERO);

function hasCheckDigits(text: string, highestWeight: number): boolean {
  const body = text.slice(0, -2);
  const first = checkDigit(valuesOf(body), weightsOf(body.length, highestWeight));
  const second = checkDigit(valuesOf(`${body}${first}`), weightsOf(body.length + 1, highestWeight));
  return text.endsWith(`${first}${second}`);
}

/** Dots, dashes, slashes and spaces are how people write and paste these numbers. */
const withoutMarks = (text: string): string => text.replace(/[\s\u00a0.\-\u2010-\u2015/]/g, "").toUpperCase();

/** The eleven digits of a CPF, or null. */
export function readCpf(text: string): string | null {
  const digits = withoutMarks(text);
  return digits.length === CPF_DIGITS && /^\d+$/.test(digits) && !isOneCharacter(digits) && hasCheckDigits(digits, 11) ? digits : null;
}

/** The fourteen characters of a CNPJ in upper case, numeric or, since July 2026, alphanumeric; or null. */
export function readCnpj(text: string): string | null {
  const characters = withoutMarks(text);
  return characters.length === CNPJ_CHARACTERS && /^[0-9A-Z]{12}[0-9]{2}$/.test(characters) && !isOneCharacter(characters) && hasCheckDigits(characters, 9) ? characters : null;
}

/** "***.456.789-**": as receipts show a person's number. */
export const maskCpf = (cpf: string): string => `***.${cpf.slice(3, 6)}.${cpf.slice(6, 9)}-**`;
/** "12.345.678/0001-95": a company's number is public. */
export const shownCnpj = (cnpj: string): string => `${cnpj.slice(0, 2)}.${cnpj.slice(2, 5)}.${cnpj.slice(5, 8)}/${cnpj.slice(8, 12)}-${cnpj.slice(12)}`;
/** A CPF or CNPJ that was read, as it may be shown. */
export const shownDocument = (document: string): string => (document.length === CPF_DIGITS ? maskCpf(document) : shownCnpj(document));
