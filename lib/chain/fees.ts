import "server-only";
import { publicClient } from "./clients";
import type { ChainId } from "./chains";
import type { OperationFees } from "./user-operation";

/** What the sequencers of Base and Optimism need at least: a thousandth of a gwei. */
const TIP_WEI = 1_000_000n;
/** A base fee of at most an eighth more per block: twice is room for five full blocks. */
const BASE_FEE_HEADROOM = 2n;

/** Fees for an operation and for the bundle that carries it: twice the latest base fee and a small tip, in wei. */
export async function suggestFees(chainId: ChainId): Promise<OperationFees> {
  const { baseFeePerGas } = await publicClient(chainId).getBlock({ blockTag: "latest" });
  return { maxFeePerGas: (baseFeePerGas ?? 0n) * BASE_FEE_HEADROOM + TIP_WEI, maxPriorityFeePerGas: TIP_WEI };
}
