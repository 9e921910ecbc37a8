import "server-only";
import { balanceOf, holdingsOf } from "@/lib/balances/queries";
import type { ChainId } from "@/lib/chain/chains";

/** Dollars that a person can use on one chain now, in micro-dollars. */
export async function dollarsOn(userId: string, chainId: ChainId): Promise<bigint> {
  return balanceOf(await holdingsOf(userId)).dollarsByChain.find((part) => part.chainId === chainId)?.availableUsdMicros ?? 0n;
}
