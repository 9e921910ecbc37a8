import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import type { CarriedKind } from "@/lib/consolidation/rules";
import { newId } from "@/lib/ids";
import type { OperationKind } from "@/lib/operations/rules";
import type { SqlTx } from "@/lib/worker/lease";
import type { ArrivalFact, RangeFacts, Touched } from "./facts";
import { dollarsOut } from "./record-moved";
import type { SettledOperation } from "./settle-operations";
import { fundArrived, reopenPayouts } from "./settle-payouts";

/**
 * Money that is brought together leaves one chain and arrives on another. Both are said here, in the transaction that moves the balances, so
 * that at any moment it is in exactly one place: here, on its way, or there. A store's dollars for its partner travel the same way; their transaction is done
 * when they left, and the payout goes on when they arrived.
 */

const LEAVING_KINDS: readonly OperationKind[] = ["dollars_burn", "rewards_prepare", "store_payout"];

type Row = { id: string; user_id: string; kind: CarriedKind; left_tx_hash: string | null; left_block: string | null; left_block_hash: string | null };

/** What landed with success has left; of a payout, as much as the chain moved. One that had arrived before a reorg took its departure back is done again. */
export async function settleDepartures(tx: SqlTx, chainId: ChainId, settled: readonly SettledOperation[], facts: Pick<RangeFacts, "operations" | "transfers">, touched: Touched) {
  const left = settled.filter(({ kind, fact }) => LEAVING_KINDS.includes(kind) && fact.success);
  if (left.length === 0) return;
  const rows = await tx<(Row & { arrived_block: string | null })[]>`
    UPDATE consolidations c SET
      stage = CASE WHEN c.stage = 'leaving' THEN 'left' ELSE c.stage END, problem = NULL, looks = 0, next_look_at = now(), updated_at = now(),
      left_tx_hash = event.tx_hash, left_block = event.block_number, left_block_hash = event.block_hash, left_at = now(),
      units = CASE WHEN c.kind = 'payout' THEN event.out ELSE c.units END
    FROM unnest(
      ${left.map(({ subjectId }) => subjectId)}::uuid[], ${left.map(({ fact }) => fact.txHash)}::text[], ${left.map(({ fact }) => fact.blockNumber.toString())}::bigint[], ${left.map(({ fact }) => fact.blockHash)}::text[],
      ${left.map(({ fact }) => dollarsOut(chainId, fact, facts).toString())}::numeric[]
    ) AS event (id, tx_hash, block_number, block_hash, out)
    WHERE c.id = event.id AND c.from_chain_id = ${chainId}::chain_id
    RETURNING c.id, c.user_id, c.kind, c.left_tx_hash, c.left_block::text, c.left_block_hash, c.arrived_block::text`;
  for (const row of rows) {
    touched.userIds.add(row.user_id);
    await noteStep(tx, row.id, row.kind === "rewards" ? "prepare" : "burn", chainId, row.left_tx_hash);
  }
  await confirm(tx, rows.filter((row) => row.arrived_block !== null && row.kind !== "payout"));
}

/** Ends what the bridge's own event says has arrived, at most once: the transmitter takes a nonce once, a sucker a leaf. */
export async function settleArrivals(tx: SqlTx, chainId: ChainId, arrivals: readonly ArrivalFact[], touched: Touched) {
  if (arrivals.length === 0) return;
  const rows = await tx<(Row & { tx_hash: string; left_units: string; arrived_units: string })[]>`
    UPDATE consolidations c SET
      stage = 'arrived', problem = NULL, arrived_units = event.units, arrived_tx_hash = event.tx_hash, arrived_block = event.block_number, completed_at = now(), updated_at = now()
    FROM unnest(
      ${arrivals.map((fact) => ("nonce" in fact ? fact.nonce : null))}::text[], ${arrivals.map((fact) => ("sucker" in fact ? fact.sucker : null))}::text[],
      ${arrivals.map((fact) => ("sucker" in fact ? fact.index : null))}::integer[], ${arrivals.map(({ recipient }) => recipient)}::text[],
      ${arrivals.map(({ units }) => units.toString())}::numeric[], ${arrivals.map(({ txHash }) => txHash)}::text[], ${arrivals.map(({ blockNumber }) => blockNumber.toString())}::bigint[]
    ) AS event (nonce, sucker, leaf_index, recipient, units, tx_hash, block_number)
    WHERE c.to_chain_id = ${chainId}::chain_id AND c.arrived_block IS NULL AND c.recipient = event.recipient
      AND ((c.kind <> 'rewards' AND c.message_nonce = event.nonce) OR (c.kind = 'rewards' AND c.sucker = event.sucker AND c.leaf_index = event.leaf_index))
    RETURNING c.id, c.user_id, c.kind, c.left_tx_hash, c.left_block::text, c.left_block_hash, event.tx_hash, c.units::text AS left_units, c.arrived_units::text`;
  for (const row of rows) {
    touched.userIds.add(row.user_id);
    for (const step of row.kind === "rewards" ? (["root", "bridge", "claim"] as const) : (["attest", "mint"] as const)) await noteStep(tx, row.id, step, chainId, step === "mint" || step === "claim" ? row.tx_hash : null);
  }
  await confirm(tx, rows.filter(({ kind }) => kind !== "payout"));
  await fundArrived(tx, rows.filter(({ kind }) => kind === "payout").map((row) => ({ transactionId: row.id, txHash: row.tx_hash, leftUsdMicros: BigInt(row.left_units), arrivedUsdMicros: BigInt(row.arrived_units) })), touched);
}

const noteStep = (tx: SqlTx, id: string, step: string, chainId: ChainId, txHash: string | null) => tx`
  INSERT INTO consolidation_steps (consolidation_id, step, chain_id, tx_hash) VALUES (${id}, ${step}, ${chainId}::chain_id, ${txHash})
  ON CONFLICT (consolidation_id, step) DO UPDATE SET tx_hash = COALESCE(excluded.tx_hash, consolidation_steps.tx_hash)`;

/** Its transaction is of the chain that the money left, and so are hash and block; where it arrived stands in the consolidation's row. */
async function confirm(tx: SqlTx, rows: readonly Row[]) {
  if (rows.length === 0) return;
  await tx`
    UPDATE transactions t SET status = 'confirmed', confirmed_at = now(), error_code = NULL, error_message = NULL, tx_hash = done.tx_hash, block_number = done.block_number, block_hash = done.block_hash
    FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map((row) => row.left_tx_hash)}::text[], ${rows.map((row) => row.left_block)}::bigint[], ${rows.map((row) => row.left_block_hash)}::text[]) AS done (id, tx_hash, block_number, block_hash)
    WHERE t.id = done.id`;
}

/**
 * A reorg took back what left or arrived above the ancestor. What had left is leaving again, and everything that hung on it (the leaf's place, the
 * attestation) is asked for anew; what had arrived is where it was before, and its transaction is pending again.
 */
export async function reopenConsolidations(tx: SqlTx, chainId: ChainId, above: string, reopened: readonly string[], touched: Touched) {
  // One whose operation had reverted may land after all.
  if (reopened.length > 0) await tx`UPDATE consolidations SET stage = 'leaving', completed_at = NULL, next_look_at = now() WHERE id = ANY (${[...reopened]}::uuid[]) AND stage = 'failed'`;
  const left = await tx<{ id: string; user_id: string }[]>`
    UPDATE consolidations SET
      stage = CASE WHEN arrived_block IS NULL THEN 'leaving' ELSE stage END, left_tx_hash = NULL, left_block = NULL, left_block_hash = NULL, left_at = NULL,
      leaf_index = CASE WHEN arrived_block IS NULL THEN NULL ELSE leaf_index END, leaf_usd_micros = CASE WHEN arrived_block IS NULL THEN NULL ELSE leaf_usd_micros END,
      message = CASE WHEN arrived_block IS NULL THEN NULL ELSE message END, attestation = CASE WHEN arrived_block IS NULL THEN NULL ELSE attestation END,
      message_nonce = CASE WHEN arrived_block IS NULL THEN NULL ELSE message_nonce END, problem = NULL, looks = 0, next_look_at = now(), updated_at = now()
    WHERE from_chain_id = ${chainId}::chain_id AND left_block > ${above}::bigint
    RETURNING id, user_id`;
  const arrived = await tx<{ id: string; user_id: string; kind: CarriedKind; arrived_tx_hash: string }[]>`
    WITH before AS (SELECT id, arrived_tx_hash FROM consolidations WHERE to_chain_id = ${chainId}::chain_id AND arrived_block > ${above}::bigint FOR NO KEY UPDATE)
    UPDATE consolidations c SET
      stage = CASE WHEN c.left_block IS NULL THEN 'leaving' WHEN c.kind = 'rewards' THEN 'rooted' ELSE 'attested' END, arrived_units = NULL, arrived_tx_hash = NULL, arrived_block = NULL, completed_at = NULL,
      problem = NULL, looks = 0, next_look_at = now(), updated_at = now()
    FROM before WHERE c.id = before.id
    RETURNING c.id, c.user_id, c.kind, before.arrived_tx_hash`;
  const ids = [...left, ...arrived].map(({ id }) => id);
  if (ids.length === 0) return;
  for (const { user_id } of [...left, ...arrived]) touched.userIds.add(user_id);
  await tx`DELETE FROM consolidation_steps WHERE consolidation_id = ANY (${left.map(({ id }) => id)}::uuid[]) AND NOT EXISTS (SELECT FROM consolidations c WHERE c.id = consolidation_id AND c.arrived_block IS NOT NULL)`;
  await tx`DELETE FROM consolidation_steps WHERE consolidation_id = ANY (${arrived.map(({ id }) => id)}::uuid[]) AND step IN ('mint', 'bridge', 'claim')`;
  // A payout's transaction is the departure's alone, which is reopened with its operation.
  await tx`UPDATE transactions SET status = 'pending', confirmed_at = NULL, tx_hash = NULL, block_number = NULL, block_hash = NULL WHERE id = ANY (${ids}::uuid[]) AND status = 'confirmed' AND type = 'consolidation'`;
  await reopenPayouts(tx, arrived.filter(({ kind }) => kind === "payout").map(({ id }) => id), touched);
  for (const { id, user_id, kind } of arrived) {
    if (kind === "payout") continue;
    await tx`
      INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, new_values)
      VALUES (${newId()}, ${user_id}, 'consolidation.reorganised', 'transaction', ${id}, ${JSON.stringify({ chainId, ancestor: above })}::text::jsonb)`;
  }
}

/** What of ours may arrive on a chain: the numbers of signed messages, and the suckers that hold leaves. */
export async function expectedArrivals(tx: SqlTx | typeof import("@/db/client").sql, chainId: ChainId): Promise<{ nonces: string[]; suckers: string[] }> {
  const rows = await tx<{ nonce: string | null; sucker: string | null }[]>`
    SELECT DISTINCT message_nonce AS nonce, sucker FROM consolidations
    WHERE to_chain_id = ${chainId}::chain_id AND stage NOT IN ('arrived', 'failed') AND (message_nonce IS NOT NULL OR leaf_index IS NOT NULL)`;
  return { nonces: rows.flatMap(({ nonce }) => nonce ?? []), suckers: rows.flatMap(({ sucker }) => sucker ?? []) };
}
