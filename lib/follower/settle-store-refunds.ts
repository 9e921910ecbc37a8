import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { newId, nonceKeyOf } from "@/lib/ids";
import { REFUND_OPERATIONS_MAX } from "@/lib/refunds/rules";
import type { SqlTx } from "@/lib/worker/lease";
import type { Touched } from "./facts";

/** One of a refund's two operations ended; without a hash it moved nothing. */
export type EndedOperation = { id: string; kind: string; subjectId: string; txHash: string | null; reason: string | null; isReverted: boolean };

/**
 * Takes refunds on by the chain's word. When the rewards came back, or never can, the store pays: its operation leaves its hold in the same
 * transaction. When that one landed the money is with the payer, who is told; one that the chain refused is built anew a few times; otherwise the refund
 * failed, its reason is kept, and what it had promised is free.
 */
export async function settleStoreRefunds(tx: SqlTx, chainId: ChainId, ended: readonly EndedOperation[], touched: Touched) {
  await settleReturns(tx, ended.filter(({ kind }) => kind === "reward_return"), touched);
  for (const operation of ended) if (operation.kind === "store_refund") await settlePaying(tx, chainId, operation, touched);
}

async function settleReturns(tx: SqlTx, returns: readonly EndedOperation[], touched: Touched) {
  if (returns.length === 0) return;
  const rows = await tx<Promised[]>`
    UPDATE refunds r SET
      returned_units = CASE WHEN ended.is_back THEN (SELECT sum(v.amount) FROM balance_reservations v WHERE v.operation_id = ended.id) ELSE 0 END,
      status = CASE WHEN r.status = 'requested' THEN 'paying' ELSE r.status END
    FROM unnest(${returns.map(({ id }) => id)}::uuid[], ${returns.map(({ txHash }) => String(txHash !== null))}::text[]::boolean[]) AS ended (id, is_back)
    WHERE r.return_operation_id = ended.id RETURNING r.id, r.store_id, CASE WHEN ended.is_back THEN r.returned_units ELSE 0 END::text AS back, (SELECT sum(v.amount)::text FROM balance_reservations v WHERE v.operation_id = ended.id) AS asked`;
  for (const { store_id } of rows) touched.storeIds.add(store_id);
  await promise(tx, rows);
  await tx`
    UPDATE user_operations SET status = 'queued', queued_at = now(), next_attempt_at = now()
    WHERE id = ANY (${rows.map(({ id }) => id)}::uuid[]) AND kind = 'store_refund' AND status = 'held'`;
}

type Promised = { id: string; store_id: string; /** What of the rewards is with the store now, and what was asked back. */ back: string; asked: string };

/** The pending payment promises the tokens that it takes, less the rewards that the store does not have (yet): the first part is the store's token, where there is one. */
async function promise(tx: SqlTx, rows: readonly Promised[]) {
  if (rows.length === 0) return;
  await tx`
    UPDATE transactions t SET tokens_used = jsonb_set(t.tokens_used, '{0,amount}', to_jsonb(GREATEST((t.terms->>'units')::numeric - row.asked + row.back, 0)::text))
    FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ back }) => back)}::numeric[], ${rows.map(({ asked }) => asked)}::numeric[]) AS row (id, back, asked)
    WHERE t.id = row.id AND t.status = 'pending' AND t.purpose = 'refund' AND (t.terms->>'units')::numeric > 0`;
}

async function settlePaying(tx: SqlTx, chainId: ChainId, { id, subjectId, txHash, reason, isReverted }: EndedOperation, touched: Touched) {
  if (!txHash && isReverted && (await payAgain(tx, chainId, { id, subjectId }))) return;
  const [row] = await tx<{ id: string; store_id: string; to_user_id: string | null }[]>`
    UPDATE refunds r SET status = ${txHash ? "refunded" : "failed"}, completed_at = now(), failure = ${txHash ? null : (reason ?? "other").slice(0, 100)}
    FROM transactions t WHERE r.transaction_id = ${subjectId} AND t.id = r.transaction_id AND r.status = 'paying' RETURNING r.id, r.store_id, t.to_user_id`;
  if (!row) return;
  touched.storeIds.add(row.store_id);
  await tx`
    INSERT INTO audit_logs (id, action, resource_type, resource_id, new_values, metadata)
    VALUES (${newId()}, ${txHash ? "refund.paid" : "refund.failed"}, 'refund', ${row.id}, ${JSON.stringify(txHash ? { txHash } : { reason })}::text::jsonb, ${JSON.stringify({ storeId: row.store_id })}::text::jsonb)`;
  if (!txHash || !row.to_user_id) return;
  await tx`SELECT public.enqueue_job('refunds.tell', ${JSON.stringify({ refundId: row.id })}::text::json, ${`refunds.tell:${row.id}`}, now())`;
}

/** The chain refused it between signature and block, as when somebody else distributed the store's share: the same refund goes into the outbox again. */
async function payAgain(tx: SqlTx, chainId: ChainId, { id, subjectId }: { id: string; subjectId: string }): Promise<boolean> {
  const [tried] = await tx<{ times: number; sender: string }[]>`
    SELECT count(*)::integer AS times, min(o.sender) AS sender FROM user_operations o JOIN refunds r ON r.transaction_id = o.subject_id AND r.status = 'paying'
    WHERE o.subject_id = ${subjectId} AND o.kind = 'store_refund'`;
  if (!tried || tried.times === 0 || tried.times >= REFUND_OPERATIONS_MAX) return false;
  // One that was taken up again after a reorg has a follower already.
  const [other] = await tx`SELECT 1 FROM user_operations WHERE subject_id = ${subjectId} AND kind = 'store_refund' AND id <> ${id} AND status IN ('queued', 'submitted', 'succeeded')`;
  await tx`
    UPDATE transactions SET status = 'pending', error_code = NULL, error_message = NULL, tx_hash = NULL, block_number = NULL, block_hash = NULL
    WHERE id = ${subjectId} AND status = 'failed'`;
  if (other) return true;
  const again = newId();
  await tx`
    INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key)
    VALUES (${again}, ${chainId}::chain_id, 'store_refund', ${subjectId}, ${tried.sender}, ${nonceKeyOf(again).toString()}::numeric)`;
  return true;
}

/** A reorg took these operations back: what they ended is on its way again, and a store that has not signed waits for the rewards again. */
export async function reopenStoreRefunds(tx: SqlTx, operations: readonly { id: string; kind: string; subject_id: string }[], touched: Touched) {
  const paying = operations.filter(({ kind }) => kind === "store_refund").map(({ subject_id }) => subject_id);
  const returns = operations.filter(({ kind }) => kind === "reward_return").map(({ id }) => id);
  const held =
    returns.length === 0
      ? []
      : await tx<Promised[]>`
          UPDATE user_operations o SET status = 'held' FROM refunds r
          WHERE r.return_operation_id = ANY (${returns}::uuid[]) AND o.id = r.transaction_id AND o.status = 'queued' AND o.error_code IS NULL
          RETURNING r.id, r.store_id, '0' AS back, (SELECT sum(v.amount)::text FROM balance_reservations v WHERE v.operation_id = r.return_operation_id) AS asked`;
  await promise(tx, held);
  const rows = [
    ...(paying.length === 0
      ? []
      : await tx<{ store_id: string }[]>`
          UPDATE refunds SET status = 'paying', completed_at = NULL, failure = NULL WHERE transaction_id = ANY (${paying}::uuid[]) AND status IN ('refunded', 'failed') RETURNING store_id`),
    ...(returns.length === 0
      ? []
      : await tx<{ store_id: string }[]>`
          UPDATE refunds r SET
            returned_units = (SELECT sum(v.amount) FROM balance_reservations v WHERE v.operation_id = r.return_operation_id),
            status = CASE WHEN r.status = 'paying' AND r.id = ANY (${held.map(({ id }) => id)}::uuid[]) THEN 'requested' ELSE r.status END
          WHERE r.return_operation_id = ANY (${returns}::uuid[]) RETURNING r.store_id`),
  ];
  for (const { store_id } of rows) touched.storeIds.add(store_id);
}
