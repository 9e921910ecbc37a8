import { v7, validate } from "uuid";

/** A UUIDv7: ordered by time, so that rows of growing tables land at the end of their indexes. Never a secret. */
export const newId = (): string => v7();

/** True for any UUID spelling; use it before an id from outside reaches a query. */
export const isId = (text: string): boolean => validate(text);

/** The 128 bits of a UUID as an integer: the 192-bit nonce key of the operation that carries the payment (EIP-4337 2D nonce). */
export const nonceKeyOf = (id: string): bigint => BigInt(`0x${id.replaceAll("-", "")}`);
