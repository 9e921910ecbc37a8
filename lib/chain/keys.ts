import "server-only";
import { createECDH } from "node:crypto";
import type { Address, Hex } from "viem";
import { generatePrivateKey, publicKeyToAddress } from "viem/accounts";

/** A new managed key from the system's random source, and its address in lower case. Seal it before it is stored. */
export function generateKey(): { privateKey: Hex; address: Address } {
  const privateKey = generatePrivateKey();
  return { privateKey, address: addressOfKey(privateKey) };
}

/** The address of a key, in lower case. Node's own curve: the worker asks for each operation, and JavaScript's takes eight times as long. */
export function addressOfKey(privateKey: Hex): Address {
  const curve = createECDH("secp256k1");
  curve.setPrivateKey(privateKey.slice(2), "hex");
  return publicKeyToAddress(`0x${curve.getPublicKey("hex")}`).toLowerCase() as Address;
}
