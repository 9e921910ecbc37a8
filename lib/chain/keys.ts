import "server-only";
import type { Address, Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** A new managed key from the system's random source, and its address in lower case. Seal it before it is stored. */
export function generateKey(): { privateKey: Hex; address: Address } {
  const privateKey = generatePrivateKey();
  return { privateKey, address: addressOfKey(privateKey) };
}

/** The address of a key, in lower case. */
export const addressOfKey = (privateKey: Hex): Address => privateKeyToAccount(privateKey).address.toLowerCase() as Address;
