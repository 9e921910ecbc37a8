import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { browserRpcUrl, env } from "@/lib/env";

/** What a page hands to its `WalletRoom`: the chains in use with the nodes that browsers ask, and WalletConnect's project if there is one. */
export function walletSetup(chainIds: readonly ChainId[] = env().CHAIN_IDS): { chains: { id: ChainId; rpcUrl: string }[]; walletConnectProjectId: string | null } {
  return { chains: chainIds.map((id) => ({ id, rpcUrl: browserRpcUrl(id) })), walletConnectProjectId: env().NEXT_PUBLIC_WC_PROJECT_ID ?? null };
}
