import "server-only";
import { hashMessage, isAddressEqual, parseAbi, parseSignature, recoverAddress, serializeSignature, type Address, type Hex } from "viem";
import type { ChainId } from "./chains";
import { isChainUnreachable, publicClient } from "./clients";

const erc1271Abi = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);
const MAGIC = "0x1626ba7e";
/** Half of secp256k1's order: the account refuses the other half of a signature's two forms. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
const ECDSA_BYTES = 65;

/** A key's signature in the one form that the contracts take (low s, v 27 or 28); null for anything else. A contract's passes as it is. */
export function normalSignature(signature: Hex): Hex | null {
  if (signature.length !== 2 + ECDSA_BYTES * 2) return null;
  try {
    const parsed = parseSignature(signature);
    return BigInt(parsed.s) > HALF_ORDER ? null : serializeSignature({ r: parsed.r, s: parsed.s, yParity: parsed.yParity });
  } catch {
    return null;
  }
}

/** Whether a key without code made this signature. Needs no node. */
export async function isKeySignature(address: Address, hash: Hex, signature: Hex): Promise<boolean> {
  const normal = normalSignature(signature);
  if (!normal) return false;
  try {
    return isAddressEqual(await recoverAddress({ hash, signature: normal }), address);
  } catch {
    return false;
  }
}

/**
 * What the account contract would say on this chain (OpenZeppelin's SignatureChecker): an address with code answers for itself
 * (ERC-1271), any other is a key. Throws when the node is out of reach.
 */
export async function isSignatureOn(chainId: ChainId, address: Address, hash: Hex, signature: Hex): Promise<boolean> {
  const client = publicClient(chainId);
  const code = await client.getCode({ address });
  if (!code || code === "0x") return isKeySignature(address, hash, signature);
  try {
    return (await client.readContract({ address, abi: erc1271Abi, functionName: "isValidSignature", args: [hash, signature] })) === MAGIC;
  } catch (error) {
    if (isChainUnreachable(error)) throw error;
    return false;
  }
}

/** The hash that `personal_sign` signs. */
export const messageHash = (message: string): Hex => hashMessage(message);
