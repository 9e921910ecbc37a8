import "server-only";
import { hexToBigInt, hexToBytes, type Address, type Hex } from "viem";
import { accountRuntimeCode } from "./account";
import { ENTRY_POINT } from "./addresses";
import type { ChainId } from "./chains";
import { publicClient } from "./clients";
import { decodeRevert, revertDataOf } from "./revert";
import type { OperationGas } from "./user-operation";

/** Room over what a simulation measured. The entry point bills 10 % of what is left of it, so no more than this. */
const HEADROOM_PERCENT = 120n;
/** No operation of ours needs more: opening a revnet takes 1.1 million. */
const CALL_GAS_MAX = 3_000_000n;
/** Checking one signer of an account that is there, measured 31,000 at most. */
const VERIFICATION_GAS_DEPLOYED = 60_000n;
/** Creating the account first (a clone, a signer, a threshold), measured 262,000 at most. */
const VERIFICATION_GAS_CREATING = 340_000n;
/** SingletonPaymasterV8 in verifying mode, measured 29,000 at most; no postOp, for which EntryPoint wants a positive limit. */
const PAYMASTER_VERIFICATION_GAS = 45_000n;
const PAYMASTER_POST_OP_GAS = 1n;
/** What the limits don't meter: a share of the bundle's 21,000, the entry point's own work, and the operation's bytes. */
const PRE_VERIFICATION_GAS_BASE = 45_000n;
/** A transaction's own cost, which a call inside another one doesn't have. */
const TRANSACTION_GAS = 21_000n;
const ZERO_BYTE_GAS = 4n;
const BYTE_GAS = 16n;
/** Signature and paymaster data travel beside the call data. */
const OTHER_BYTES = 900n;

export type EstimateInput = {
  chainId: ChainId;
  sender: Address;
  /** False while the account has no code on this chain: the operation creates it, and the simulation pretends it is there. */
  isDeployed: boolean;
  callData: Hex;
};

export type Estimate = { status: "ok"; gas: OperationGas } | { status: "reverts"; reason: string };

/**
 * Gas limits for an operation: what the account's calls need now (the node executes them as the entry point would) and 20 %
 * more, and fixed, measured limits for the checks. `reverts` with a reason when the calls would fail now. Throws when the
 * node is out of reach (`isChainUnreachable`).
 */
export async function estimateOperationGas({ chainId, sender, isDeployed, callData }: EstimateInput): Promise<Estimate> {
  const callGasLimit = await measureCallGas({ chainId, sender, isDeployed, callData });
  if (typeof callGasLimit === "string") return { status: "reverts", reason: callGasLimit };
  if (callGasLimit > CALL_GAS_MAX) return { status: "reverts", reason: `needs ${callGasLimit} gas, more than ${CALL_GAS_MAX}` };
  return {
    status: "ok",
    gas: {
      callGasLimit,
      verificationGasLimit: isDeployed ? VERIFICATION_GAS_DEPLOYED : VERIFICATION_GAS_CREATING,
      preVerificationGas: PRE_VERIFICATION_GAS_BASE + OTHER_BYTES * BYTE_GAS + bytesGas(callData),
      paymasterVerificationGasLimit: PAYMASTER_VERIFICATION_GAS,
      paymasterPostOpGasLimit: PAYMASTER_POST_OP_GAS,
    },
  };
}

/** The limit with its headroom, or why the calls revert. */
async function measureCallGas({ chainId, sender, isDeployed, callData }: EstimateInput): Promise<bigint | string> {
  const call = { from: ENTRY_POINT, to: sender, data: callData };
  const client = publicClient(chainId);
  try {
    // A clone runs before it is initialized too: `execute` asks only who calls, and the entry point does.
    const gas = isDeployed
      ? await client.request({ method: "eth_estimateGas", params: [call, "latest"] })
      : await client.request({ method: "eth_estimateGas", params: [call, "latest", { [sender]: { code: accountRuntimeCode() } }] });
    return ((hexToBigInt(gas) - TRANSACTION_GAS - bytesGas(callData)) * HEADROOM_PERCENT) / 100n;
  } catch (error) {
    const data = revertDataOf(error);
    if (data) return decodeRevert(data);
    throw error;
  }
}

/** What calldata costs (EIP-2028). */
function bytesGas(data: Hex): bigint {
  let gas = 0n;
  for (const byte of hexToBytes(data)) gas += byte === 0 ? ZERO_BYTE_GAS : BYTE_GAS;
  return gas;
}
