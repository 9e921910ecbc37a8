import "server-only";
import { parseTransaction, type Hex } from "viem";
import type { OperationFees } from "./user-operation";

/** Nodes want at least 10 % more for both fees before they drop the transaction they have. */
const RAISE_PERCENT = 125n;

/** Fees that replace a signed transaction at its nonce: a quarter more than it offered, or what is suggested now if that is more. */
export function replacementFees(raw: Hex, suggested: OperationFees): OperationFees {
  const { maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = parseTransaction(raw);
  const raised = (fee: bigint) => (fee * RAISE_PERCENT + 99n) / 100n;
  const most = (a: bigint, b: bigint) => (a > b ? a : b);
  return { maxFeePerGas: most(raised(maxFeePerGas), suggested.maxFeePerGas), maxPriorityFeePerGas: most(raised(maxPriorityFeePerGas), suggested.maxPriorityFeePerGas) };
}
