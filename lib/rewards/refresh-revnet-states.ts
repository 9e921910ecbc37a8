import "server-only";
import { sql } from "@/db/client";
import { isChainUnreachable } from "@/lib/chain/clients";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { writeStates } from "@/lib/follower/apply-range";
import { readStateOf } from "@/lib/follower/read-range";

/** Revnets read at once: as many questions travel in few requests. */
const PARALLEL = 10;

/**
 * Reads every revnet's state again at the followed block. The follower refreshes what its events touch; this mends what no
 * event of ours names (dollars that somebody added to a store's surplus) and what a crash between two ranges left behind.
 */
export async function refreshRevnetStates(): Promise<void> {
  for (const chainId of env().CHAIN_IDS) {
    try {
      await refreshChain(chainId);
    } catch (error) {
      if (!isChainUnreachable(error)) throw error;
    }
  }
}

async function refreshChain(chainId: ChainId) {
  const rows = await sql<{ store_id: string; project_id: number; block: string }[]>`
    SELECT d.store_id, d.project_id, c.block_number::text AS block FROM store_deployments d JOIN chain_cursors c ON c.chain_id = d.chain_id
    WHERE d.chain_id = ${chainId}::chain_id AND d.status = 'deployed' AND d.project_id IS NOT NULL ORDER BY d.store_id`;
  for (let start = 0; start < rows.length; start += PARALLEL) {
    const states = await Promise.all(rows.slice(start, start + PARALLEL).map((row) => readStateOf(chainId, row.store_id, row.project_id, BigInt(row.block))));
    await sql.begin((tx) => writeStates(tx, chainId, states));
  }
}
