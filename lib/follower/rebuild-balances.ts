import "server-only";
import { sql } from "@/db/client";
import type { Address } from "@/lib/chain/addresses";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { readBlocks, readLogs } from "@/lib/chain/logs";
import { paymasterAddress } from "@/lib/chain/paymaster";
import type { SqlTx } from "@/lib/worker/lease";
import { writeJournal } from "./apply-balances";
import { lockBalances, readCursor } from "./cursor";
import type { TransferFact } from "./facts";

/** Blocks read at once. */
const RANGE_BLOCKS = 2_000n;
/** Transfers written with one statement. */
const WRITE_BATCH = 5_000;

export type BalanceDifference = { holder: "person" | "store"; holderId: string; tokenAddress: string; before: bigint; after: bigint };
export type RebuildResult = { chainId: ChainId; block: bigint; transfers: number; differences: BalanceDifference[] };

/**
 * Makes a chain's balances and their journal anew from the first block, up to where the chain is followed, in one transaction.
 * The follower waits meanwhile and goes on behind it. Normally nothing differs. Fails when the chain is not followed yet, or
 * moved while it was read; throws when the node is out of reach. Nothing has changed then.
 */
export async function rebuildBalances(chainId: ChainId): Promise<RebuildResult> {
  return sql.begin("isolation level read committed", async (tx) => {
    await lockBalances(tx, chainId);
    const cursor = await readCursor(chainId);
    if (!cursor) throw new Error(`Chain ${chainId} is not followed yet: start the worker first`);
    const transfers = await readTransfers(chainId, cursor.number);
    const [end] = await readBlocks({ chainId, fromBlock: cursor.number, toBlock: cursor.number });
    if (end?.hash !== cursor.hash) throw new Error(`Chain ${chainId} reorganised while it was read: try again`);

    await tx`DELETE FROM balance_changes WHERE chain_id = ${chainId}::chain_id`;
    let written = 0;
    for (let start = 0; start < transfers.length; start += WRITE_BATCH) {
      const changes = await writeJournal(tx, chainId, transfers.slice(start, start + WRITE_BATCH));
      written += changes.length;
    }
    const differences = [
      ...(await correct(tx, chainId, "person", tx`token_balances`, tx`user_id`)),
      ...(await correct(tx, chainId, "store", tx`store_token_balances`, tx`store_id`)),
    ];
    return { chainId, block: cursor.number, transfers: written === 0 ? 0 : transfers.length, differences };
  });
}

/** Sets each balance that differs to the sum of its journal, in id order like every writer. */
async function correct(tx: SqlTx, chainId: ChainId, holder: "person" | "store", table: ReturnType<SqlTx>, holderColumn: ReturnType<SqlTx>): Promise<BalanceDifference[]> {
  const rows = await tx<{ holder_id: string; token_address: string; before: string; after: string }[]>`
    WITH total AS (
      SELECT b.id, COALESCE((SELECT sum(c.delta) FROM balance_changes c WHERE c.balance_id = b.id AND c.chain_id = b.chain_id AND c.holder = ${holder}), 0) AS balance
      FROM ${table} b WHERE b.chain_id = ${chainId}::chain_id
    ),
    wrong AS (
      SELECT b.id, b.balance AS before, total.balance AS after FROM ${table} b JOIN total ON total.id = b.id WHERE b.balance <> total.balance ORDER BY b.id FOR NO KEY UPDATE OF b
    )
    UPDATE ${table} b SET balance = wrong.after, last_synced_at = now() FROM wrong WHERE b.id = wrong.id
    RETURNING b.${holderColumn} AS holder_id, b.token_address, wrong.before::text AS before, wrong.after::text AS after`;
  return rows.map((row) => ({ holder, holderId: row.holder_id, tokenAddress: row.token_address, before: BigInt(row.before), after: BigInt(row.after) }));
}

/** Every transfer of dollars and of our stores' tokens that touched one of our accounts. */
async function readTransfers(chainId: ChainId, to: bigint): Promise<TransferFact[]> {
  const [accounts, deployments, [first]] = await Promise.all([
    sql<{ address: Address }[]>`
      SELECT address FROM smart_accounts WHERE chain_id = ${chainId}::chain_id
      UNION SELECT address FROM store_accounts WHERE chain_id = ${chainId}::chain_id`,
    sql<{ token_address: Address }[]>`SELECT token_address FROM store_deployments WHERE chain_id = ${chainId}::chain_id AND project_id IS NOT NULL AND token_address IS NOT NULL`,
    sql<{ number: string }[]>`SELECT min(number)::text AS number FROM chain_blocks WHERE chain_id = ${chainId}::chain_id`,
  ]);
  const own = new Set<string>(accounts.map((row) => row.address));
  const tokens = new Set<string>([USDC[chainId], ...deployments.map((row) => row.token_address)]);
  const transfers: TransferFact[] = [];
  for (let from = BigInt(first?.number ?? 0) + 1n; from <= to; from += RANGE_BLOCKS) {
    const toBlock = from + RANGE_BLOCKS - 1n < to ? from + RANGE_BLOCKS - 1n : to;
    const events = await readLogs({ chainId, fromBlock: from, toBlock, paymaster: paymasterAddress(chainId), accounts: accounts.map((row) => row.address), projectIds: [], tokens: deployments.map((row) => row.token_address) });
    for (const event of events) {
      if (event.kind !== "transfer" || !tokens.has(event.token) || !(own.has(event.from) || own.has(event.to))) continue;
      transfers.push({ blockNumber: event.blockNumber, blockHash: event.blockHash, txHash: event.transactionHash, logIndex: event.logIndex, token: event.token, from: event.from, to: event.to, amountUnits: event.amountUnits });
    }
  }
  return transfers;
}
