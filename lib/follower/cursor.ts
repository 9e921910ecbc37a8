import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { readBlocks } from "@/lib/chain/logs";
import type { Lease, SqlTx } from "@/lib/worker/lease";

export type Cursor = { number: bigint; hash: string; time: Date; headMovedAt: Date; updatedAt: Date };

/** Another process moved the cursor; whoever read behind the old one reads again. */
export class CursorMovedError extends Error {
  constructor(chainId: ChainId) {
    super(`The cursor of chain ${chainId} moved`);
    this.name = "CursorMovedError";
  }
}

/** The database follows one chain, and the node serves another with the same id. Stops the worker. */
export class ChainResetError extends Error {
  constructor(chainId: ChainId) {
    super(`The chain ${chainId} was reset but the database was not: start both anew (npm start -- --reset), or bring back the chain that this database follows.`);
    this.name = "ChainResetError";
  }
}

/** The advisory lock that orders writers of a chain's balances: the follower and a rebuild. Held to the end of the transaction. */
export const lockBalances = (tx: SqlTx, chainId: ChainId) => tx`SELECT pg_advisory_xact_lock(hashtextextended(${`balances:${chainId}`}, 0))`;

/** How far a chain is followed; null before the first start. */
export async function readCursor(chainId: ChainId): Promise<Cursor | null> {
  const [row] = await sql<{ block_number: string; block_hash: string; block_time: Date; head_moved_at: Date; updated_at: Date }[]>`
    SELECT block_number::text, block_hash, block_time, head_moved_at, updated_at FROM chain_cursors WHERE chain_id = ${chainId}::chain_id`;
  return row ? { number: BigInt(row.block_number), hash: row.block_hash, time: row.block_time, headMovedAt: row.head_moved_at, updatedAt: row.updated_at } : null;
}

/** Locks the cursor for the transaction and holds it against the one that a range was read behind. Fails with CursorMovedError. */
export async function lockCursor(tx: SqlTx, chainId: ChainId, expected: { number: bigint; hash: string }) {
  await lockBalances(tx, chainId);
  const [row] = await tx<{ block_number: string; block_hash: string }[]>`
    SELECT block_number::text, block_hash FROM chain_cursors WHERE chain_id = ${chainId}::chain_id FOR NO KEY UPDATE`;
  if (!row || BigInt(row.block_number) !== expected.number || row.block_hash !== expected.hash) throw new CursorMovedError(chainId);
}

/** The block that a chain is followed from, FIRST_BLOCK_<id>: on a public chain the one where CocoPay began. 0 without it. */
const firstBlock = (chainId: ChainId): bigint => BigInt(process.env[`FIRST_BLOCK_${chainId}`] ?? 0);

/**
 * Ties the database to its chain: writes the cursor at the first start, and afterwards refuses another chain under the same id.
 * Fails with ChainResetError; throws when the node is out of reach.
 */
export async function ensureCursor(lease: Lease, chainId: ChainId): Promise<Cursor> {
  const start = firstBlock(chainId);
  const [[genesis], [first]] = await Promise.all([readBlocks({ chainId, fromBlock: 0n, toBlock: 0n }), readBlocks({ chainId, fromBlock: start, toBlock: start })]);
  if (!genesis || !first) throw new Error(`Chain ${chainId} has no block ${start}`);
  await lease.transaction(async (tx) => {
    const [known] = await tx<{ genesis_hash: string }[]>`SELECT genesis_hash FROM chain_cursors WHERE chain_id = ${chainId}::chain_id`;
    if (known && known.genesis_hash !== genesis.hash) throw new ChainResetError(chainId);
    if (known) return;
    const minedAt = new Date(first.timestamp * 1000);
    await tx`INSERT INTO chain_cursors (chain_id, genesis_hash, block_number, block_hash, block_time) VALUES (${chainId}::chain_id, ${genesis.hash}, ${start.toString()}::bigint, ${first.hash}, ${minedAt})`;
    await tx`INSERT INTO chain_blocks (chain_id, number, hash, parent_hash, mined_at) VALUES (${chainId}::chain_id, ${start.toString()}::bigint, ${first.hash}, ${first.parentHash}, ${minedAt})`;
  });
  const cursor = await readCursor(chainId);
  if (!cursor) throw new CursorMovedError(chainId);
  return cursor;
}
