import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { lockBalances, readCursor } from "./cursor";
import type { ArrivalFact, Touched } from "./facts";
import { notifyLive } from "./notify";
import { forgetIncoming } from "./settle-incoming";
import { settleArrivals } from "./settle-consolidations";

/**
 * Notes an arrival in a block that was followed before anybody knew to look for it: a stranger brought the message as soon as it was signed. One
 * that is still ahead is left to the follower, which moves the balance with it.
 */
export async function settleMissedArrival(chainId: ChainId, fact: ArrivalFact): Promise<void> {
  const touched: Touched = { userIds: new Set(), storeIds: new Set() };
  await sql.begin(async (tx) => {
    await lockBalances(tx, chainId);
    const cursor = await readCursor(chainId);
    if (!cursor || cursor.number < fact.blockNumber) return;
    const [block] = await tx<{ hash: string }[]>`SELECT hash FROM chain_blocks WHERE chain_id = ${chainId}::chain_id AND number = ${fact.blockNumber.toString()}::bigint`;
    if (block && block.hash !== fact.blockHash) return;
    await settleArrivals(tx, chainId, [fact], touched);
    await forgetIncoming(tx, chainId, fact.txHash);
  });
  await notifyLive(touched);
}
