import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";

/**
 * What the follower recorded as dollars from outside turns out to be the person's own Pix. Answers the transaction's id, also when it was named
 * before; null while there is none.
 */
export async function nameTopUp(tx: Tx, { chainId, txHash, userId }: { chainId: ChainId; txHash: string; userId: string }): Promise<string | null> {
  const [row] = await tx.execute<{ id: string }>(sql`
    UPDATE transactions SET purpose = 'top_up'
    WHERE to_user_id = ${userId} AND chain_id = ${chainId}::chain_id AND tx_hash = ${txHash} AND type = 'received' AND from_user_id IS NULL AND COALESCE(purpose, 'incoming') IN ('incoming', 'top_up')
    RETURNING id`);
  return row?.id ?? null;
}
