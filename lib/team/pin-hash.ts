import "server-only";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { keyedHash } from "@/lib/auth/derive-key";
import { invariant } from "@/lib/errors";

const COST = 16_384;
const BLOCK = 8;
const BYTES = 32;

/**
 * A PIN as it is kept: `scrypt$cost$block$salt$hash`. Ten thousand PINs are guessed through in minutes whatever the function, so scrypt gets a keyed
 * hash: without the server's secret the table says nothing.
 */
export async function hashPin(seat: Seat, pin: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${COST}$${BLOCK}$${salt.toString("base64url")}$${(await derive(seat, pin, salt)).toString("base64url")}`;
}

export type Seat = { storeId: string; userId: string };

/** Whether this is the PIN of the hash. Takes as long for a wrong one. */
export async function isPinOf(seat: Seat, pin: string, kept: string): Promise<boolean> {
  const [kind, cost, block, salt, hash] = kept.split("$");
  invariant(kind === "scrypt" && Number(cost) === COST && Number(block) === BLOCK && salt && hash, "a PIN's hash is not of ours");
  return timingSafeEqual(await derive(seat, pin, Buffer.from(salt, "base64url")), Buffer.from(hash, "base64url"));
}

/** The seat is part of it, so that one person's hash is worthless in another's row. Asynchronous: it takes tens of milliseconds. */
const derive = ({ storeId, userId }: Seat, pin: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(keyedHash("pin", `${storeId}:${userId}:${pin}`), salt, BYTES, { cost: COST, blockSize: BLOCK }, (error, key) => (error ? reject(error) : resolve(key))),
  );
