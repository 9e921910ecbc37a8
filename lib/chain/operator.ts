import "server-only";
import { keccak256, type Address, type Hex, type Log } from "viem";
import { entryPoint08Abi } from "viem/account-abstraction";
import { privateKeyToAccount } from "viem/accounts";
import { paymasterAbi } from "./abis";
import { ENTRY_POINT } from "./addresses";
import type { ChainId } from "./chains";
import { isChainUnreachable, publicClient } from "./clients";
import { decodeRevert, revertDataOf } from "./revert";
import { decodeFailedOpData, encodeHandleOps, type FailedOperation, type OperationFees, type UserOperation } from "./user-operation";

/** What the bundler asks of a node and sends to it. Every function throws when the node is out of reach (`isChainUnreachable`). */

/** Around each operation in a bundle: the entry point's bookkeeping, and the 1/64 that a call can't pass on. */
const OPERATION_OVERHEAD_GAS = 60_000n;
const BUNDLE_OVERHEAD_GAS = 60_000n;

/** Gas for a bundle: all that its operations may use, so that one of them running to its limit doesn't starve the next. */
export function bundleGas(ops: readonly UserOperation[]): bigint {
  return ops.reduce(
    (sum, op) =>
      sum + OPERATION_OVERHEAD_GAS + op.preVerificationGas +
      ((op.verificationGasLimit + op.callGasLimit + op.paymasterVerificationGasLimit + op.paymasterPostOpGasLimit) * 64n) / 63n,
    BUNDLE_OVERHEAD_GAS,
  );
}

export type BundleSimulation =
  | { status: "ok" }
  /** The entry point refuses the operation at `index`; without it the others may pass. */
  | ({ status: "refused" } & FailedOperation)
  /** The bundle reverts for a reason that names no operation. */
  | { status: "reverts"; reason: string };

/** Runs a bundle on the latest block as the operator would send it. An operation whose calls revert inside still passes. */
export async function simulateBundle({ chainId, ops, operator }: { chainId: ChainId; ops: readonly UserOperation[]; operator: Address }): Promise<BundleSimulation> {
  try {
    await publicClient(chainId).call({ account: operator, to: ENTRY_POINT, data: encodeHandleOps(ops, operator), gas: bundleGas(ops) });
    return { status: "ok" };
  } catch (error) {
    const data = revertDataOf(error);
    if (!data) throw error;
    const failed = decodeFailedOpData(data);
    return failed ? { status: "refused", ...failed } : { status: "reverts", reason: decodeRevert(data) };
  }
}

export type OperatorTransactionInput = {
  chainId: ChainId;
  operatorKey: Hex;
  nonce: number;
  to: Address;
  data: Hex;
  gas: bigint;
  fees: OperationFees;
  /** Ether that goes along, in wei: none for a bundle. */
  value?: bigint;
};

export type OperatorTransaction = { raw: Hex; hash: Hex; operator: Address; nonce: number };

/** Signs an operator's transaction without sending it, so that its bytes and hash are stored first. Same input, same bytes. */
export async function signOperatorTransaction({ chainId, operatorKey, nonce, to, data, gas, fees, value = 0n }: OperatorTransactionInput): Promise<OperatorTransaction> {
  const account = privateKeyToAccount(operatorKey);
  const raw = await account.signTransaction({ type: "eip1559", chainId: Number(chainId), nonce, to, data, gas, ...fees, value });
  return { raw, hash: keccak256(raw), operator: account.address.toLowerCase() as Address, nonce };
}

/** A call that gets gas back in the end needs more on the way than it uses, and a node's estimate is close. */
const CALL_HEADROOM_PERCENT = 140n;

export type CallSimulation = { status: "ok"; gas: bigint } | { status: "reverts"; reason: string };

/** Runs a call on the latest block as the operator would send it, and says how much gas to give it. A refusal of any kind is `reverts`. */
export async function simulateOperatorCall({ chainId, operator, to, data, value }: { chainId: ChainId; operator: Address; to: Address; data: Hex; value: bigint }): Promise<CallSimulation> {
  try {
    const gas = await publicClient(chainId).estimateGas({ account: operator, to, data, value });
    return { status: "ok", gas: (gas * CALL_HEADROOM_PERCENT) / 100n };
  } catch (error) {
    if (isChainUnreachable(error)) throw error;
    const revert = revertDataOf(error);
    return { status: "reverts", reason: revert ? decodeRevert(revert) : String((error as { details?: unknown }).details ?? error).slice(0, 300) };
  }
}

/** The bundle's transaction: handleOps from the operator, who gets what the paymaster pays. */
export const signBundle = ({ ops, operator, ...input }: Omit<OperatorTransactionInput, "to" | "data" | "gas"> & { ops: readonly UserOperation[]; operator: Address }) =>
  signOperatorTransaction({ ...input, to: ENTRY_POINT, data: encodeHandleOps(ops, operator), gas: bundleGas(ops) });

/** What a node said to a raw transaction. `known`: it has these bytes already. `nonce_used`: that nonce is mined. */
export type SendResult = "sent" | "known" | "nonce_used" | "underpriced";

/** Sends stored bytes; safe to repeat. Any other refusal (no ether for gas) throws. */
export async function sendRawTransaction(chainId: ChainId, raw: Hex): Promise<SendResult> {
  try {
    await publicClient(chainId).sendRawTransaction({ serializedTransaction: raw });
    return "sent";
  } catch (error) {
    const text = String((error as { details?: unknown }).details ?? error).toLowerCase();
    if (/already (known|imported)|known transaction/.test(text)) return "known";
    if (/nonce too low/.test(text)) return "nonce_used";
    if (/underpriced|fee too low|max fee per gas less than/.test(text)) return "underpriced";
    throw error;
  }
}

/** How many of the operator's transactions are mined: the next nonce to use when nothing of ours is waiting. */
export const minedNonce = (chainId: ChainId, operator: Address): Promise<number> =>
  publicClient(chainId).getTransactionCount({ address: operator, blockTag: "latest" });

export type Receipt = { hash: Hex; blockNumber: bigint; blockHash: Hex; isSuccess: boolean; gasUsed: bigint; logs: Log[] };

/** The receipt of a mined transaction; null while it is not mined. */
export async function receiptOf(chainId: ChainId, hash: Hex): Promise<Receipt | null> {
  const raw = await publicClient(chainId)
    .getTransactionReceipt({ hash })
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === "TransactionReceiptNotFoundError") return null;
      throw error;
    });
  return raw && { hash, blockNumber: raw.blockNumber, blockHash: raw.blockHash, isSuccess: raw.status === "success", gasUsed: raw.gasUsed, logs: raw.logs };
}

/** True once an operation with this nonce has landed (whatever became of its calls): no other one with it ever can. */
export async function isNonceUsed(chainId: ChainId, sender: Address, nonce: bigint): Promise<boolean> {
  const next = await publicClient(chainId).readContract({ address: ENTRY_POINT, abi: entryPoint08Abi, functionName: "getNonce", args: [sender, nonce >> 64n] });
  return next > nonce;
}

/** True when an account has code on this chain. */
export async function isDeployed(chainId: ChainId, address: Address): Promise<boolean> {
  const code = await publicClient(chainId).getCode({ address });
  return code !== undefined && code !== "0x";
}

/** What is left to pay for gas, in wei: the operator's ether and the paymaster's deposit at the entry point. */
export async function gasReserves(chainId: ChainId, { operator, paymaster }: { operator: Address; paymaster: Address }) {
  const client = publicClient(chainId);
  const [operatorWei, depositWei] = await Promise.all([
    client.getBalance({ address: operator }),
    client.readContract({ address: paymaster, abi: paymasterAbi, functionName: "getDeposit" }),
  ]);
  return { operatorWei, depositWei };
}
