import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { JUICEBOX } from "@/lib/chain/addresses";
import type { SqlTx } from "@/lib/worker/lease";
import type { RevnetFact, Touched } from "./facts";
import type { SettledOperation } from "./settle-operations";

/** Reverts of one store's deployment on one chain before a person has to press retry: another project may take the next id first. */
export const DEPLOYMENT_ATTEMPTS_MAX = 5;

/** An account counts as deployed because the chain says so: an operation of it landed, and the entry point creates the sender first. */
export async function markAccountsDeployed(tx: SqlTx, chainId: ChainId, settled: readonly SettledOperation[], minedAt: Date) {
  if (settled.length === 0) return;
  const first = new Map(settled.toReversed().map(({ fact }) => [fact.sender, fact.txHash]));
  for (const table of [tx`smart_accounts`, tx`store_accounts`]) {
    await tx`
      UPDATE ${table} a SET deployed = TRUE, deploy_tx_hash = seen.tx_hash, deployed_at = ${minedAt}
      FROM unnest(${[...first.keys()]}::text[], ${[...first.values()]}::text[]) AS seen (address, tx_hash)
      WHERE a.chain_id = ${chainId}::chain_id AND a.address = seen.address AND NOT a.deployed`;
  }
}

/** Writes which revnet and token a store has on this chain, from the deployer's event in the store's own name. */
export async function settleRevnets(tx: SqlTx, chainId: ChainId, revnets: readonly RevnetFact[], touched: Touched) {
  if (revnets.length === 0) return;
  const rows = await tx<{ store_id: string }[]>`
    UPDATE store_deployments d SET
      status = 'deployed', project_id = event.project_id, token_address = event.token, terminal_address = ${JUICEBOX.multiTerminal},
      deploy_tx_hash = event.tx_hash, block_number = event.block_number, deployed_at = event.at, error_message = NULL
    FROM unnest(
      ${revnets.map(({ projectId }) => projectId)}::integer[], ${revnets.map(({ caller }) => caller)}::text[], ${revnets.map(({ tokenAddress }) => tokenAddress)}::text[],
      ${revnets.map(({ txHash }) => txHash)}::text[], ${revnets.map(({ blockNumber }) => blockNumber.toString())}::integer[], ${revnets.map(({ minedAt }) => minedAt.toISOString())}::timestamptz[]
    ) AS event (project_id, caller, token, tx_hash, block_number, at)
    JOIN store_accounts a ON a.chain_id = ${chainId}::chain_id AND a.address = event.caller
    WHERE d.store_id = a.store_id AND d.chain_id = ${chainId}::chain_id
    RETURNING d.store_id`;
  await sumUpStores(tx, rows.map((row) => row.store_id), touched);
}

/**
 * What became of deployments whose operation ended without a revnet (reverted, or proven dead): in line again with a new
 * operation a few times, then failed with the reason kept, for the retry button.
 */
export async function settleFailedDeployments(tx: SqlTx, chainId: ChainId, failed: readonly { storeId: string; operationId: string; reason: string }[], touched: Touched) {
  if (failed.length === 0) return;
  const rows = await tx<{ store_id: string; status: string }[]>`
    UPDATE store_deployments d SET
      status = CASE WHEN COALESCE(d.attempts, 0) < ${DEPLOYMENT_ATTEMPTS_MAX} THEN 'pending' ELSE 'failed' END::deployment_status,
      operation_id = NULL, error_message = failed.reason
    FROM unnest(${failed.map(({ storeId }) => storeId)}::uuid[], ${failed.map(({ operationId }) => operationId)}::uuid[], ${failed.map(({ reason }) => reason)}::text[]) AS failed (store_id, operation_id, reason)
    WHERE d.store_id = failed.store_id AND d.chain_id = ${chainId}::chain_id AND d.operation_id = failed.operation_id AND d.status = 'deploying'
    RETURNING d.store_id, d.status`;
  for (const row of rows.filter(({ status }) => status === "pending")) {
    await tx`SELECT public.enqueue_job('stores.deploy', ${JSON.stringify({ storeId: row.store_id })}::text::json, ${`stores.deploy:${row.store_id}`}, now() + INTERVAL '1 second')`;
  }
  await sumUpStores(tx, rows.map((row) => row.store_id), touched);
}

/** A store's own status is its deployments' in one word: deployed everywhere, failed somewhere, under way, or pending. */
export async function sumUpStores(tx: SqlTx, storeIds: readonly string[], touched: Touched) {
  if (storeIds.length === 0) return;
  for (const storeId of storeIds) touched.storeIds.add(storeId);
  await tx`
    UPDATE stores s SET deployment_status = total.status
    FROM (
      SELECT d.store_id, CASE
        WHEN bool_and(d.status = 'deployed') THEN 'deployed'
        WHEN bool_or(d.status = 'failed') THEN 'failed'
        WHEN bool_or(d.status IN ('deploying', 'deployed')) THEN 'deploying'
        ELSE 'pending' END::deployment_status AS status
      FROM store_deployments d WHERE d.store_id = ANY (${[...storeIds]}::uuid[]) GROUP BY d.store_id
    ) AS total
    WHERE s.id = total.store_id AND s.deployment_status <> total.status`;
}
