import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex, hexToBytes, type Hex } from "viem";

/**
 * Signs a hash with a key that is bytes, so that its holder can wipe it; a key that was a text could not be. Answers r, s, v as one
 * 65-byte signature, as a wallet gives it. What the curve's arithmetic makes of the key meanwhile is garbage when it returns.
 */
export function signHash(hash: Hex, privateKey: Uint8Array): Hex {
  const signature = secp256k1.sign(hexToBytes(hash), privateKey, { prehash: false, format: "recovered" });
  const [recovery = 0] = signature;
  return bytesToHex(new Uint8Array([...signature.subarray(1), 27 + recovery]));
}
