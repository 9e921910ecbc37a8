import { decodeErrorResult, encodeFunctionData, parseEventLogs, type Address, type Hex, type Log } from "viem";
import { entryPoint08Abi, getUserOperationHash, toPackedUserOperation } from "viem/account-abstraction";
import { z } from "zod";
import { nonceKeyOf } from "@/lib/ids";
import { ACCOUNT_FACTORY, ENTRY_POINT } from "./addresses";
import { wrapSignature } from "./account";
import type { ChainId } from "./chains";
import { decodeRevert, revertDataOf } from "./revert";
import { signHash } from "./sign-hash";

/** An ERC-4337 operation for EntryPoint 0.8, sponsored by our paymaster. Gas in gas, fees in wei. */
export type UserOperation = {
  sender: Address;
  nonce: bigint;
  factory?: Address;
  factoryData?: Hex;
  callData: Hex;
  callGasLimit: bigint;
  verificationGasLimit: bigint;
  preVerificationGas: bigint;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
  paymaster: Address;
  paymasterVerificationGasLimit: bigint;
  paymasterPostOpGasLimit: bigint;
  paymasterData: Hex;
  signature: Hex;
};

export type OperationGas = Pick<
  UserOperation,
  "callGasLimit" | "verificationGasLimit" | "preVerificationGas" | "paymasterVerificationGasLimit" | "paymasterPostOpGasLimit"
>;
export type OperationFees = Pick<UserOperation, "maxFeePerGas" | "maxPriorityFeePerGas">;

/**
 * The nonce of the operation that carries a row: the row's UUID as the key, sequence 0. An operation built again for the
 * same row has the same nonce, so the entry point lets only one ever land.
 */
export const operationNonce = (operationId: string): bigint => nonceKeyOf(operationId) << 64n;

/** The key of a nonce (the upper 192 bits) as the UUID it was made of. */
export function operationIdOfNonce(nonce: bigint): string {
  const hex = (nonce >> 64n).toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export type BuildOperationInput = {
  operationId: string;
  sender: Address;
  /** Present for an account without code yet: the factory creates it first. */
  factoryData?: Hex;
  callData: Hex;
  gas: OperationGas;
  fees: OperationFees;
  paymaster: Address;
};

/** An operation that still needs its sponsorship (paymasterData) and then its signature, in this order. */
export const buildOperation = ({ operationId, sender, factoryData, callData, gas, fees, paymaster }: BuildOperationInput): UserOperation => ({
  sender,
  nonce: operationNonce(operationId),
  ...(factoryData && { factory: ACCOUNT_FACTORY, factoryData }),
  callData,
  ...gas,
  ...fees,
  paymaster,
  paymasterData: "0x",
  signature: "0x",
});

/** The hash that the account's signer signs and that names the operation on chain (EIP-712, domain ERC4337 1). */
export const operationHash = (chainId: ChainId, op: UserOperation): Hex =>
  getUserOperationHash({ chainId: Number(chainId), entryPointAddress: ENTRY_POINT, entryPointVersion: "0.8", userOperation: op });

export type SignedOperation = { op: UserOperation; hash: Hex };
export type SignOperationInput = {
  op: UserOperation;
  chainId: ChainId;
  /** The caller wipes it. */
  privateKey: Uint8Array;
  /** The key's address: a signer of the account. */
  signer: Address;
};

/** Signs with a key that is at hand, after the sponsorship is in. */
export function signOperation({ op, chainId, privateKey, signer }: SignOperationInput): SignedOperation {
  const hash = operationHash(chainId, op);
  return { op: { ...op, signature: wrapSignature(signer, signHash(hash, privateKey)) }, hash };
}

/** Call data of EntryPoint.handleOps; the beneficiary gets what the paymaster pays for gas. One operation per sender in a bundle. */
export const encodeHandleOps = (ops: readonly UserOperation[], beneficiary: Address): Hex =>
  encodeFunctionData({ abi: entryPoint08Abi, functionName: "handleOps", args: [ops.map((op) => toPackedUserOperation(op)), beneficiary] });

export type FailedOperation = { index: number; reason: string };

/**
 * Which operation made the entry point refuse a whole bundle, and why ("AA25 invalid account nonce"). Takes the error of a
 * simulated or sent handleOps; null for any other error (a node out of reach, a bundle out of gas).
 */
export function decodeFailedOp(error: unknown): FailedOperation | null {
  const data = revertDataOf(error);
  return data ? decodeFailedOpData(data) : null;
}

/** The same from the revert's data alone. */
export function decodeFailedOpData(data: Hex): FailedOperation | null {
  try {
    const { errorName, args } = decodeErrorResult({ abi: entryPoint08Abi, data });
    if (errorName === "FailedOp") return { index: Number(args[0]), reason: args[1] };
    if (errorName === "FailedOpWithRevert") return { index: Number(args[0]), reason: `${args[1]}: ${decodeRevert(args[2])}` };
    return null;
  } catch {
    return null;
  }
}

export type OperationEvent = {
  userOpHash: Hex;
  sender: Address;
  paymaster: Address;
  nonce: bigint;
  /** The row that the nonce key names. */
  operationId: string;
  success: boolean;
  actualGasCostWei: bigint;
  actualGasUsed: bigint;
  transactionHash: Hex;
  logIndex: number;
};

/** The UserOperationEvents of our entry point among logs. `success` false: it landed, was paid for, and its calls reverted. */
export function parseOperationEvents(logs: readonly Log[]): OperationEvent[] {
  const own = logs.filter((log) => log.address.toLowerCase() === ENTRY_POINT);
  return parseEventLogs({ abi: entryPoint08Abi, eventName: "UserOperationEvent", logs: own }).map(({ args, transactionHash, logIndex }) => ({
    userOpHash: args.userOpHash,
    sender: args.sender.toLowerCase() as Address,
    paymaster: args.paymaster.toLowerCase() as Address,
    nonce: args.nonce,
    operationId: operationIdOfNonce(args.nonce),
    success: args.success,
    actualGasCostWei: args.actualGasCost,
    actualGasUsed: args.actualGasUsed,
    transactionHash,
    logIndex,
  }));
}

/** Why operations reverted inside, by operation hash (UserOperationRevertReason), for logs and the `failure` column. */
export function parseRevertReasons(logs: readonly Log[]): Map<Hex, string> {
  const own = logs.filter((log) => log.address.toLowerCase() === ENTRY_POINT);
  const events = parseEventLogs({ abi: entryPoint08Abi, eventName: "UserOperationRevertReason", logs: own });
  return new Map(events.map(({ args }) => [args.userOpHash, decodeRevert(args.revertReason)]));
}

const hexText = z.string().regex(/^0x[0-9a-f]*$/i).transform((text) => text as Hex);
const integerText = z.string().regex(/^\d+$/).transform((text) => BigInt(text));
const storedOperation = z.object({
  sender: hexText,
  nonce: integerText,
  factory: hexText.optional(),
  factoryData: hexText.optional(),
  callData: hexText,
  callGasLimit: integerText,
  verificationGasLimit: integerText,
  preVerificationGas: integerText,
  maxFeePerGas: integerText,
  maxPriorityFeePerGas: integerText,
  paymaster: hexText,
  paymasterVerificationGasLimit: integerText,
  paymasterPostOpGasLimit: integerText,
  paymasterData: hexText,
  signature: hexText,
});

/** An operation as a jsonb column keeps it: integers as decimal text. */
export type StoredOperation = z.input<typeof storedOperation>;

/** The jsonb form of an operation. */
export const serializeOperation = (op: UserOperation): StoredOperation =>
  Object.fromEntries(Object.entries(op).map(([name, value]) => [name, typeof value === "bigint" ? value.toString() : value])) as StoredOperation;

/** An operation from its jsonb form; throws when the column holds anything else. */
export const parseOperation = (stored: unknown): UserOperation => storedOperation.parse(stored);
