import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { isEnabled } from "@/lib/flags/is-enabled";

/** The provider delivers on Base alone: the real one, or its testnet where that is what we run on. */
const BASE_CHAINS = ["8453", "84532"] as const satisfies readonly ChainId[];

/** The chain that dollars arrive on; null where adding funds is not offered. */
export function topUpChain(): ChainId | null {
  const { AVENIA_BASE_URL, CHAIN_IDS } = env();
  return AVENIA_BASE_URL ? (BASE_CHAINS.find((chainId) => CHAIN_IDS.includes(chainId)) ?? null) : null;
}

/** The same for a person: null also while adding funds is switched off for them. What is under way already goes on. */
export async function topUpChainFor(userId: string): Promise<ChainId | null> {
  const chainId = topUpChain();
  return chainId && (await isEnabled("top_ups", userId)) ? chainId : null;
}
