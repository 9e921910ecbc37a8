import "server-only";
import type { ChainId } from "./chains";
import { publicClient } from "./clients";

/**
 * The time that the next block is going to have, unix seconds: what sponsorships are counted from. A chain that mines only
 * when there is work (or that stood still) has a latest block far in the past; where the node knows no pending block, the latest one's time.
 */
export async function nextBlockTime(chainId: ChainId): Promise<number> {
  const client = publicClient(chainId);
  const [latest, pending] = await Promise.all([client.getBlock({ blockTag: "latest" }), client.getBlock({ blockTag: "pending" }).catch(() => null)]);
  return Math.max(Number(latest.timestamp), Number(pending?.timestamp ?? 0));
}
