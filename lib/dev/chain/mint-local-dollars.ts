import type { Address, Hex } from "viem";
import { rpcUrl } from "@/lib/chain/clients";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { anvilClient } from "./anvil-client";
import { usdcFaucet } from "./usdc-faucet";

/** Test dollars on the chain of RPC_URL_<id>. Fails with unavailable when that is no local chain: no other lets itself be impersonated. */
export async function mintLocalDollars({ chainId, to, amountUsdMicros }: { chainId: ChainId; to: string; amountUsdMicros: bigint }): Promise<Hex> {
  const client = anvilClient(chainId, rpcUrl(chainId));
  const isLocal = await client.request({ method: "anvil_getAutomine" }).then(() => true, () => false);
  if (!isLocal) throw new DomainError("unavailable");
  return usdcFaucet({ client, chainId, to: to as Address, amountUsdMicros });
}
