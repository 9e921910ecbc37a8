import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import type { SqlTx } from "@/lib/worker/lease";
import type { Touched, TransferFact } from "./facts";

export type BalanceDelta = { balanceId: string; holder: "person" | "store"; delta: bigint };

/** The legs of the transfers that move one of our accounts, as a `WITH` list that ends in `own`. */
const ownLegs = (tx: SqlTx, chainId: ChainId, transfers: readonly TransferFact[]) => tx`
  log AS (
    SELECT * FROM unnest(
      ${transfers.map((log) => log.token)}::text[], ${transfers.map((log) => log.from)}::text[], ${transfers.map((log) => log.to)}::text[],
      ${transfers.map((log) => log.amountUnits.toString())}::numeric[], ${transfers.map((log) => log.blockNumber.toString())}::bigint[],
      ${transfers.map((log) => log.blockHash)}::text[], ${transfers.map((log) => log.txHash)}::text[], ${transfers.map((log) => log.logIndex)}::integer[]
    ) AS log (token, sender, receiver, amount, block_number, block_hash, tx_hash, log_index)
  ),
  leg AS (
    SELECT token, receiver AS address, amount AS delta, block_number, block_hash, tx_hash, log_index FROM log
    UNION ALL
    SELECT token, sender, -amount, block_number, block_hash, tx_hash, log_index FROM log
  ),
  own AS (
    SELECT leg.*, 'person' AS holder, a.user_id AS holder_id FROM leg JOIN smart_accounts a ON a.chain_id = ${chainId}::chain_id AND a.address = leg.address
    UNION ALL
    SELECT leg.*, 'store', a.store_id FROM leg JOIN store_accounts a ON a.chain_id = ${chainId}::chain_id AND a.address = leg.address
  ),
  issuer AS (
    SELECT token_address AS token, store_id FROM store_deployments WHERE chain_id = ${chainId}::chain_id AND token_address = ANY (${[...new Set(transfers.map((log) => log.token))]}::text[])
  )`;

/**
 * Writes what transfers did to the accounts of people and stores into the journal, and says by how much each balance moves.
 * A balance row is made when a token first arrives. A transfer that is in the journal already changes nothing.
 */
export async function writeJournal(tx: SqlTx, chainId: ChainId, transfers: readonly TransferFact[]): Promise<BalanceDelta[]> {
  if (transfers.length === 0) return [];
  await tx`
    WITH ${ownLegs(tx, chainId, transfers)}
    INSERT INTO token_balances (user_id, chain_id, token_address, store_id)
    SELECT DISTINCT own.holder_id, ${chainId}::chain_id, own.token, issuer.store_id
    FROM own LEFT JOIN issuer USING (token) WHERE own.holder = 'person'
    ON CONFLICT DO NOTHING`;
  await tx`
    WITH ${ownLegs(tx, chainId, transfers)}
    INSERT INTO store_token_balances (id, store_id, chain_id, token_address, token_store_id)
    SELECT gen_random_uuid(), held.* FROM (
      SELECT DISTINCT own.holder_id, ${chainId}::chain_id, own.token, issuer.store_id
      FROM own LEFT JOIN issuer USING (token) WHERE own.holder = 'store'
    ) AS held
    ON CONFLICT DO NOTHING`;
  const rows = await tx<{ balance_id: string; holder: "person" | "store"; delta: string }[]>`
    WITH ${ownLegs(tx, chainId, transfers)},
    held AS (
      SELECT own.*, b.id AS balance_id FROM own JOIN token_balances b ON own.holder = 'person' AND b.user_id = own.holder_id AND b.chain_id = ${chainId}::chain_id AND b.token_address = own.token
      UNION ALL
      SELECT own.*, b.id FROM own JOIN store_token_balances b ON own.holder = 'store' AND b.store_id = own.holder_id AND b.chain_id = ${chainId}::chain_id AND b.token_address = own.token
    ),
    written AS (
      INSERT INTO balance_changes (chain_id, block_number, log_index, balance_id, holder, block_hash, tx_hash, delta)
      -- A transfer to oneself has two legs on one balance; their sum is nothing.
      SELECT ${chainId}::chain_id, block_number, log_index, balance_id, holder, min(block_hash), min(tx_hash), sum(delta)
      FROM held GROUP BY block_number, log_index, balance_id, holder HAVING sum(delta) <> 0
      ON CONFLICT DO NOTHING
      RETURNING balance_id, holder, delta
    )
    SELECT balance_id, holder, sum(delta)::text AS delta FROM written GROUP BY balance_id, holder`;
  return rows.map((row) => ({ balanceId: row.balance_id, holder: row.holder, delta: BigInt(row.delta) }));
}

/**
 * Moves balances, always by what the journal gained or lost in the same transaction. Rows are locked in id order, as the
 * pay function does. `balance_usd` is the value at this change (data-model/MODEL.md §2, 20).
 */
export async function moveBalances(tx: SqlTx, deltas: readonly BalanceDelta[], block: bigint, touched: Touched) {
  for (const holder of ["person", "store"] as const) {
    const own = deltas.filter((change) => change.holder === holder && change.delta !== 0n);
    if (own.length === 0) continue;
    const ids = own.map((change) => change.balanceId);
    const isPerson = holder === "person";
    const table = isPerson ? tx`token_balances` : tx`store_token_balances`;
    const issuer = isPerson ? tx`b.store_id` : tx`b.token_store_id`;
    await tx`SELECT 1 FROM ${table} WHERE id = ANY (${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
    const holders = await tx<{ holder_id: string }[]>`
      UPDATE ${table} b SET
        balance = b.balance + change.delta, last_synced_block = ${block.toString()}::bigint, last_synced_at = now(),
        balance_usd = CASE WHEN ${issuer} IS NULL THEN (b.balance + change.delta) / 1000000
          ELSE COALESCE((
            SELECT trunc((b.balance + change.delta) * v.surplus_usd_micros / v.supply) / 1000000
            FROM revnet_states v WHERE v.store_id = ${issuer} AND v.chain_id = b.chain_id AND v.supply > 0), 0) END
      FROM unnest(${ids}::uuid[], ${own.map((change) => change.delta.toString())}::numeric[]) AS change (id, delta)
      WHERE b.id = change.id
      RETURNING ${isPerson ? tx`b.user_id` : tx`b.store_id`} AS holder_id`;
    for (const row of holders) (isPerson ? touched.userIds : touched.storeIds).add(row.holder_id);
  }
}
