import "server-only";
import { concat, encodeAbiParameters, encodeFunctionData, encodePacked, isAddress, keccak256, size, slice, type Address, type Hex } from "viem";
import { toPackedUserOperation } from "viem/account-abstraction";
import { signMessage } from "viem/accounts";
import { chainVariable } from "@/lib/env";
import { invariant } from "@/lib/errors";
import { paymasterAbi } from "./abis";
import type { ChainId } from "./chains";
import type { UserOperation } from "./user-operation";

/**
 * Pimlico's SingletonPaymasterV8 in verifying mode: it pays for operations that our signer approved, within the approval's
 * time, and only in bundles of allow-listed operators.
 */

/** Mode byte: `mode << 1 | allowAllBundlers`. 0 is verifying for allow-listed bundlers; 1 would let anybody inflate our gas. */
const VERIFYING_ALLOWLISTED = 0;
/** The paymaster's own data before the signature: mode byte, validUntil, validAfter (uint48 each). */
const CONFIG_BYTES = 1 + 6 + 6;
/** paymasterAndData starts with the address and two uint128 gas limits. */
const PAYMASTER_DATA_OFFSET = 20 + 16 + 16;

/** How long a sponsorship holds, in seconds of chain time. Afterwards the operation can never land. */
export const SPONSORSHIP_SECONDS = 120;

/** Our paymaster on a chain, from PAYMASTER_ADDRESS_<id>, in lower case. Throws a sentence that names the variable. */
export function paymasterAddress(chainId: ChainId): Address {
  const value = chainVariable("PAYMASTER_ADDRESS", chainId);
  if (!isAddress(value, { strict: false })) throw new Error(`PAYMASTER_ADDRESS_${chainId}: is not an address`);
  return value.toLowerCase() as Address;
}

/** What the paymaster's signer signs (SingletonPaymasterV8.getHash in verifying mode), computed here without a node. */
export function sponsorshipHash(chainId: ChainId, op: UserOperation): Hex {
  const packed = toPackedUserOperation(op);
  invariant(size(packed.paymasterAndData) >= PAYMASTER_DATA_OFFSET + CONFIG_BYTES, "paymasterData holds mode and times");
  const operation = keccak256(
    encodeAbiParameters(
      [{ type: "address" }, { type: "uint256" }, { type: "bytes32" }, { type: "uint256" }, { type: "bytes32" }, { type: "bytes32" }, { type: "bytes32" }, { type: "bytes32" }],
      [
        packed.sender,
        packed.nonce,
        packed.accountGasLimits,
        packed.preVerificationGas,
        packed.gasFees,
        keccak256(packed.initCode),
        keccak256(packed.callData),
        keccak256(slice(packed.paymasterAndData, 0, PAYMASTER_DATA_OFFSET + CONFIG_BYTES)),
      ],
    ),
  );
  return keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [operation, BigInt(chainId)]));
}

export type SponsorshipInput = {
  chainId: ChainId;
  op: UserOperation;
  signerKey: Hex;
  /** Unix seconds of chain time: the latest block's time + SPONSORSHIP_SECONDS. */
  validUntil: number;
};

/** The operation with our paymaster's approval in `paymasterData`. Gas and fees are inside the approval: set them before. */
export async function signSponsorship({ chainId, op, signerKey, validUntil }: SponsorshipInput): Promise<UserOperation> {
  const config = encodePacked(["uint8", "uint48", "uint48"], [VERIFYING_ALLOWLISTED, validUntil, 0]);
  const approval = await signMessage({ message: { raw: sponsorshipHash(chainId, { ...op, paymasterData: config }) }, privateKey: signerKey });
  return { ...op, paymasterData: concat([config, approval]) };
}

/** Call data of the paymaster's manager that lets operators submit sponsored bundles, or stops them. */
export const updateBundlerAllowlist = (bundlers: Address[], allowed: boolean): Hex =>
  encodeFunctionData({ abi: paymasterAbi, functionName: "updateBundlerAllowlist", args: [bundlers, allowed] });
