import { randomInt } from "node:crypto";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LENGTH = 11;

/** E (or D for what comes back), the bank's ISPB, the minute in UTC, eleven characters. Source: Banco Central, Manual de Padrões do Pix. */
export const endToEndId = (kind: "E" | "D", ispb: string, at = new Date()): string =>
  `${kind}${ispb}${at.toISOString().slice(0, 16).replace(/\D/g, "")}${Array.from({ length: RANDOM_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("")}`;
