import { v7, validate } from "uuid";

/** A UUIDv7: ordered by time, so that rows of growing tables land at the end of their indexes. Never a secret. */
export const newId = (): string => v7();

/** True for any UUID spelling; use it before an id from outside reaches a query. */
export const isId = (text: string): boolean => validate(text);

/** The 128 bits of a UUID as an integer: the 192-bit nonce key of the operation that carries the payment (EIP-4337 2D nonce). */
export const nonceKeyOf = (id: string): bigint => BigInt(`0x${id.replaceAll("-", "")}`);

/** The smallest UUIDv7 of a moment: ids made since then sort behind it, so that an index can be read from there. */
export function idAt(timeMs: number): string {
  const hex = Math.floor(timeMs).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
