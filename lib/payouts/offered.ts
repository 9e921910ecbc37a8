import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import type { PayoutProviderName } from "./rules";

/** The partners take dollars on Base alone (RAILS §1.1): the real one, or its testnet where that is what we run on. */
const BASE_CHAINS = ["8453", "84532"] as const satisfies readonly ChainId[];

/** The chain that reais are paid from; null where a partner is not set up. */
export function payoutChain(provider: PayoutProviderName): ChainId | null {
  const { AVENIA_BASE_URL, CHAIN_IDS } = env();
  if (provider === "avenia" && !AVENIA_BASE_URL) return null;
  return BASE_CHAINS.find((chainId) => CHAIN_IDS.includes(chainId)) ?? null;
}
