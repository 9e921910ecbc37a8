import "server-only";
import { randomInt, timingSafeEqual } from "node:crypto";
import { keyedHash } from "./derive-key";
import { CODE_DIGITS, type CodePurpose } from "./rules";

/** Six digits from the system's random source, each as likely as any other. */
export const newSignInCode = (): string => randomInt(10 ** CODE_DIGITS).toString().padStart(CODE_DIGITS, "0");

/** Which row a code belongs to. Bound into the hash, so that a hash copied to another row, phone or purpose fits no code. */
export type CodeRow = { id: string; phone: string; purpose: CodePurpose };

/** What is kept of a code: a keyed hash, lower hex. A million codes are tried in a second, so a plain hash would hide nothing. */
export const hashSignInCode = ({ id, phone, purpose }: CodeRow, code: string): string => keyedHash("sign-in-code", `${purpose}:${id}:${phone}:${code}`).toString("hex");

/** Compares in constant time. */
export function matchesSignInCode(row: CodeRow, code: string, hash: string): boolean {
  const expected = Buffer.from(hashSignInCode(row, code), "hex");
  const stored = Buffer.from(hash, "hex");
  return stored.length === expected.length && timingSafeEqual(stored, expected);
}
