import { getUserOperationTypedData } from "viem/account-abstraction";
import { encodeExecute, type Call } from "./account";
import { ACCOUNT_FACTORY, ENTRY_POINT, type Address } from "./addresses";
import type { ChainId } from "./chains";
import { operationNonce, type UserOperation } from "./user-operation";

/** What a person's screen shows, as the operation that it has to be. */
export type ExpectedOperation = { operationId: string; account: Address; calls: readonly Call[] };

/** Where an operation that we were asked to sign is not the one on the screen. */
export type Mismatch = "sender" | "nonce" | "calls" | "creation" | "gas_payer";

/**
 * Compares an operation with what the screen shows: the account itself, the payment's or change's own nonce (so that it can land once),
 * its calls byte for byte, no creation but by our factory, and somebody else pays for the gas. Null when all is as shown. The chain and the
 * entry point are not asked for: they are inside the hash that the signer makes itself.
 */
export function mismatchOf(op: UserOperation, { operationId, account, calls }: ExpectedOperation): Mismatch | null {
  if (op.sender.toLowerCase() !== account.toLowerCase()) return "sender";
  if (op.nonce !== operationNonce(operationId)) return "nonce";
  if (op.callData.toLowerCase() !== encodeExecute(calls).toLowerCase()) return "calls";
  if (op.factory !== undefined && op.factory.toLowerCase() !== ACCOUNT_FACTORY) return "creation";
  if (!/^0x[0-9a-f]{40}$/i.test(op.paymaster) || BigInt(op.paymaster) === 0n) return "gas_payer";
  return null;
}

/** The same operation as a wallet shows and signs it (eth_signTypedData_v4); its hash is the operation's hash. */
export const operationTypedData = (chainId: ChainId, op: UserOperation) => getUserOperationTypedData({ chainId: Number(chainId), entryPointAddress: ENTRY_POINT, userOperation: op });
export type OperationTypedData = ReturnType<typeof operationTypedData>;
