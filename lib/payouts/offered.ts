import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { payoutProviderName } from "./providers";

/** The partners take dollars on Base alone (RAILS §1.1): the real one, or its testnet where that is what we run on. */
const BASE_CHAINS = ["8453", "84532"] as const satisfies readonly ChainId[];

/** The chain that reais are paid from; null where no partner is set up. */
export const payoutChain = (): ChainId | null => (payoutProviderName() ? (BASE_CHAINS.find((chainId) => env().CHAIN_IDS.includes(chainId)) ?? null) : null);
