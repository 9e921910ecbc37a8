import "server-only";
import { createECDH, randomBytes } from "node:crypto";
import type { Address, Hex } from "viem";
import { publicKeyToAddress } from "viem/accounts";

const PRIVATE_KEY_BYTES = 32;

/** A new managed key from the system's random source, and its address in lower case. Seal it before it is stored, then wipe it. */
export function generateKey(): { privateKey: Uint8Array; address: Address } {
  const privateKey = randomBytes(PRIVATE_KEY_BYTES);
  return { privateKey, address: addressOfKey(privateKey) };
}

/**
 * The address of a key, in lower case. A person's or store's key is bytes; only those of the environment (operators, paymaster) are
 * text. Node's own curve: the worker asks for each operation, and JavaScript's takes eight times as long.
 */
export function addressOfKey(privateKey: Uint8Array | Hex): Address {
  const curve = createECDH("secp256k1");
  if (typeof privateKey === "string") curve.setPrivateKey(privateKey.slice(2), "hex");
  else curve.setPrivateKey(privateKey);
  return publicKeyToAddress(`0x${curve.getPublicKey("hex")}`).toLowerCase() as Address;
}
