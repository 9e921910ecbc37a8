import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { hintOperations } from "@/lib/operations/hint";
import { queueOperations } from "@/lib/operations/queue-operations";

/** Less than this is not worth a transaction's gas yet: one dollar of the store's share. */
const PENDING_MIN_USD_MICROS = 1_000_000n;
/** Stores a run and chain; the rest follow with the next run. */
const STORES_MAX = 100;

/**
 * Queues, for each store whose share of its sales waits undistributed, one operation of the store's own account that mints it
 * there. In an operation of its own, because it reverts when anybody else distributed first (data-model, chain/CHAIN.md §7b).
 * One at a time a store; a store on its way is left alone. Returns how many were queued.
 */
export async function distributeReserved(): Promise<number> {
  let queued = 0;
  for (const chainId of env().CHAIN_IDS) {
    const stores = await dueStores(chainId);
    if (stores.length === 0) continue;
    await queueOperations(stores.map(({ storeId, sender }) => ({ chainId, kind: "reserved_distribution", subjectId: storeId, sender })));
    hintOperations(chainId);
    queued += stores.length;
  }
  return queued;
}

async function dueStores(chainId: ChainId): Promise<{ storeId: string; sender: string }[]> {
  const rows = await sql<{ store_id: string; address: string }[]>`
    SELECT v.store_id, a.address
    FROM revnet_states v
    JOIN store_deployments d ON d.store_id = v.store_id AND d.chain_id = v.chain_id AND d.status = 'deployed'
    JOIN store_accounts a ON a.store_id = v.store_id AND a.chain_id = v.chain_id
    WHERE v.chain_id = ${chainId}::chain_id AND v.supply > 0 AND v.pending_reserved * v.surplus_usd_micros >= ${PENDING_MIN_USD_MICROS.toString()}::numeric * v.supply
      AND NOT EXISTS (
        SELECT 1 FROM user_operations o
        WHERE o.chain_id = v.chain_id AND o.sender = a.address AND o.kind = 'reserved_distribution' AND o.status IN ('queued', 'submitted'))
    ORDER BY v.pending_reserved DESC LIMIT ${STORES_MAX}`;
  return rows.map((row) => ({ storeId: row.store_id, sender: row.address }));
}
