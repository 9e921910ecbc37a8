import "server-only";
import { hexToBigInt, hexToBytes, type Address, type Hex } from "viem";
import { accountRuntimeCode } from "./account";
import { ACCOUNT_FACTORY, ENTRY_POINT } from "./addresses";
import type { ChainId } from "./chains";
import { publicClient } from "./clients";
import { decodeRevert, revertDataOf } from "./revert";
import type { OperationGas } from "./user-operation";

/** Room over what a simulation measured. The entry point bills 10 % of what is left of it, so no more than this. */
const HEADROOM_PERCENT = 120n;
const REFUND_HEADROOM_PERCENT = 125n;
/** No operation of ours needs more: opening a revnet takes 1.1 million. */
const CALL_GAS_MAX = 3_000_000n;
/** Checking one signer of an account that is there, with a new nonce key: measured 48,095. */
const VERIFICATION_GAS_DEPLOYED = 58_000n;
/** Creating the account first (a clone, a signer, a threshold): measured 215,979. */
const VERIFICATION_GAS_CREATING = 260_000n;
/** A person's own signer may be a contract wallet, which checks by itself (ERC-1271). What it leaves unused is not billed. */
const VERIFICATION_GAS_OWN_SIGNER = 150_000n;
/** SingletonPaymasterV8 in verifying mode: measured 27,681. It has no postOp, for which the entry point wants a positive limit. */
const PAYMASTER_VERIFICATION_GAS = 34_000n;
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
  /** Present while the account has no code on this chain: the operation creates it first. */
  factoryData?: Hex;
  callData: Hex;
  isSignedByOwner?: boolean;
};

export type Estimate = { status: "ok"; gas: OperationGas } | { status: "reverts"; reason: string };

/**
 * Gas limits for an operation: what the account's calls need now (the node executes them as the entry point would) and 20 %
 * more, and fixed, measured limits for the checks. `reverts` with a reason when the calls would fail now. Throws when the
 * node is out of reach (`isChainUnreachable`).
 */
export async function estimateOperationGas(input: EstimateInput): Promise<Estimate> {
  const measured = await measureCallGas(input);
  if (measured.status === "reverts") return measured;
  const callGasLimit = (measured.gas * HEADROOM_PERCENT) / 100n;
  if (callGasLimit > CALL_GAS_MAX) return { status: "reverts", reason: `needs ${callGasLimit} gas, more than ${CALL_GAS_MAX}` };
  return {
    status: "ok",
    gas: {
      callGasLimit,
      verificationGasLimit: (input.factoryData ? VERIFICATION_GAS_CREATING : VERIFICATION_GAS_DEPLOYED) + (input.isSignedByOwner ? VERIFICATION_GAS_OWN_SIGNER : 0n),
      preVerificationGas: PRE_VERIFICATION_GAS_BASE + OTHER_BYTES * BYTE_GAS + bytesGas(input.callData),
      paymasterVerificationGasLimit: PAYMASTER_VERIFICATION_GAS,
      paymasterPostOpGasLimit: PAYMASTER_POST_OP_GAS,
    },
  };
}

type Measured = { status: "ok"; gas: bigint } | { status: "reverts"; reason: string };

/** What the account's calls use. */
async function measureCallGas({ chainId, sender, factoryData, callData }: EstimateInput): Promise<Measured> {
  const call = { from: ENTRY_POINT, to: sender, data: callData };
  const client = publicClient(chainId);
  try {
    // A clone runs before it is initialized too: `execute` asks only who calls, and the entry point does.
    const gas = factoryData
      ? await client.request({ method: "eth_estimateGas", params: [call, "latest", { [sender]: { code: accountRuntimeCode() } }] })
      : await client.request({ method: "eth_estimateGas", params: [call, "latest"] });
    return { status: "ok", gas: hexToBigInt(gas) - TRANSACTION_GAS - bytesGas(callData) };
  } catch (error) {
    const data = revertDataOf(error);
    if (!data) throw error;
    // Calls about the account's own signers need it initialized: really create it before.
    if (factoryData) return simulateCreation({ chainId, sender, factoryData, callData });
    return { status: "reverts", reason: decodeRevert(data) };
  }
}

/** Creates the account and makes its calls in one simulated block (eth_simulateV1), which answers the gas after refunds. */
async function simulateCreation({ chainId, sender, factoryData, callData }: EstimateInput & { factoryData: Hex }): Promise<Measured> {
  const [block] = await publicClient(chainId).simulateBlocks({
    blocks: [{ calls: [{ to: ACCOUNT_FACTORY, data: factoryData }, { account: ENTRY_POINT, to: sender, data: callData }] }],
  });
  const [, executed] = block?.calls ?? [];
  if (!executed) throw new Error("The node answered no result for a simulated call");
  if (executed.status === "failure") return { status: "reverts", reason: decodeRevert(executed.data) };
  // Refunds are at most a fifth of the gas used (EIP-3529), and have to be there before they come back.
  return { status: "ok", gas: (executed.gasUsed * REFUND_HEADROOM_PERCENT) / 100n };
}

/** What calldata costs (EIP-2028). */
function bytesGas(data: Hex): bigint {
  let gas = 0n;
  for (const byte of hexToBytes(data)) gas += byte === 0 ? ZERO_BYTE_GAS : BYTE_GAS;
  return gas;
}
