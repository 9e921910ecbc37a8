import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import { readBlocks, readHead, type BlockHeader } from "@/lib/chain/logs";
import { log } from "@/lib/log";
import { pause, type Waker } from "@/lib/worker/pause";
import { waitForLease, type Lease } from "@/lib/worker/lease";
import { applyRange } from "./apply-range";
import { ChainResetError, CursorMovedError, ensureCursor, lockBalances, readCursor, type Cursor } from "./cursor";
import { endRefused } from "./expire-operations";
import type { Touched } from "./facts";
import { notifyLive } from "./notify";
import { BLOCKS_KEPT, ChainMovedError, readRange } from "./read-range";
import { findAncestor, rollBack } from "./roll-back";
import { SilenceWatch } from "./silence";

/** How often the head is asked for when nothing of ours is on its way; a mined bundle of this process wakes the follower at once. */
const POLL_MS = 250;
/** While operations are on their way and the till waits. */
const POLL_BUSY_MS = 40;
/** Blocks applied in one transaction. */
export const RANGE_BLOCKS = 500n;
/** After an error of the node or the database. */
const RETRY_MS = 500;
/** Hashes below those kept are deleted this seldom. */
const PRUNE_EVERY_TICKS = 2_000;

export type FollowerOptions = { chainId: ChainId; signal: AbortSignal; waker: Waker; pollMs?: number; onBlock?: () => void };

/**
 * Follows one chain for as long as the process lives: the only writer of balances, confirmations and releases. Over all
 * workers one follower a chain holds the lease; another takes over when its database session ends.
 * Rejects with ChainResetError alone; everything else is tried again.
 */
export async function followChain(options: FollowerOptions): Promise<void> {
  const { chainId, signal } = options;
  while (!signal.aborted) {
    let lease: Lease | null = null;
    try {
      lease = await waitForLease(`follower:${chainId}`, signal);
      if (lease) await followWith(lease, options);
    } catch (error) {
      if (error instanceof ChainResetError) throw error;
      log().error({ err: error, chainId }, "follower stopped, starting again");
      await pause(RETRY_MS, signal);
    } finally {
      await lease?.release();
    }
  }
}

async function followWith(lease: Lease, { chainId, signal, waker, pollMs = POLL_MS, onBlock }: FollowerOptions) {
  const silence = new SilenceWatch(chainId);
  await silence.begin();
  let isTied = false;
  for (let tick = 1; !signal.aborted && lease.isHeld(); tick += 1) {
    try {
      if (!isTied) await ensureCursor(lease, chainId);
      isTied = true;
      const head = await readHead(chainId);
      silence.answered(head);
      if (await catchUp(lease, chainId, head)) onBlock?.();
      await endRefusals(lease, chainId);
      if (tick % PRUNE_EVERY_TICKS === 0) await prune(lease, chainId);
    } catch (error) {
      if (error instanceof ChainResetError) throw error;
      if (isChainUnreachable(error)) silence.failed();
      else if (!(error instanceof ChainMovedError || error instanceof CursorMovedError)) {
        if (!lease.isHeld()) throw error;
        log().error({ err: error, chainId }, "follower tick failed");
      }
      await pause(pollMs, signal);
    }
    const isBusy = await silence.beat();
    await waker.wait(isBusy ? Math.min(pollMs, POLL_BUSY_MS) : pollMs, signal);
  }
}

/**
 * Brings the database to this head: rolls back what left the chain, then applies range after range. True when something moved.
 * Exported for the tests and the rebuild, which have no loop.
 */
export async function catchUp(lease: Lease, chainId: ChainId, head: BlockHeader): Promise<boolean> {
  let cursor = await cursorOf(chainId);
  if (cursor.hash === head.hash) return false;
  if (await hasLeft(chainId, cursor, head)) {
    const ancestor = await findAncestor(chainId, head.number);
    log().warn({ chainId, from: cursor.number, to: ancestor.number }, "reorg: rolling back");
    await notifyLive(await rollBack(lease, chainId, cursor, ancestor));
    cursor = await cursorOf(chainId);
  }
  const fresh = new Set<string>();
  while (cursor.number < head.number) {
    const to = cursor.number + RANGE_BLOCKS < head.number ? cursor.number + RANGE_BLOCKS : head.number;
    const touched: Touched = await applyRange(lease, await readRange({ chainId, after: cursor, to, head, fresh }));
    void notifyLive(touched);
    cursor = await cursorOf(chainId);
  }
  return true;
}

async function cursorOf(chainId: ChainId): Promise<Cursor> {
  const cursor = await readCursor(chainId);
  if (!cursor) throw new CursorMovedError(chainId);
  return cursor;
}

/** True when the cursor's block is no longer on the chain. The usual case, one block further, needs no question. */
async function hasLeft(chainId: ChainId, cursor: Cursor, head: BlockHeader): Promise<boolean> {
  if (head.number <= cursor.number) return true;
  if (head.number === cursor.number + 1n) return head.parentHash !== cursor.hash;
  const [block] = await readBlocks({ chainId, fromBlock: cursor.number, toBlock: cursor.number });
  return block?.hash !== cursor.hash;
}

/** Ends what the submitter refused; needs no block, so it also works while the chain stands still. */
export async function endRefusals(lease: Lease, chainId: ChainId) {
  const [refused] = await sql`SELECT 1 FROM user_operations WHERE chain_id = ${chainId}::chain_id AND status = 'queued' AND error_code IS NOT NULL LIMIT 1`;
  if (!refused) return;
  const touched: Touched = { userIds: new Set(), storeIds: new Set() };
  await lease.transaction(async (tx) => {
    await lockBalances(tx, chainId);
    await endRefused(tx, chainId, touched);
  });
  await notifyLive(touched);
}

/** The first block stays: it is the ancestor of last resort. */
const prune = (lease: Lease, chainId: ChainId) =>
  lease.transaction((tx) => tx`
    DELETE FROM chain_blocks b USING chain_cursors c
    WHERE b.chain_id = ${chainId}::chain_id AND c.chain_id = b.chain_id AND b.number < c.block_number - ${BLOCKS_KEPT.toString()}::bigint
      AND b.number > (SELECT min(number) FROM chain_blocks WHERE chain_id = ${chainId}::chain_id)`);
