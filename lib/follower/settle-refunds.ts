import "server-only";
import { newId } from "@/lib/ids";
import type { SqlTx } from "@/lib/worker/lease";
import type { Touched } from "./facts";

/** Operations of one refund before a person has to ask again: somebody else may distribute the store's share in between. */
const REFUND_OPERATIONS_MAX = 3;

/** An operation of a refund that ended; without a hash it did not pay. */
export type EndedRefund = { id: string; subjectId: string; txHash: string | null; reason: string | null };

/** What became of refunds: paid back by the chain's word, tried again a few times, then failed with the reason kept. */
export async function settleRefunds(tx: SqlTx, ended: readonly EndedRefund[], touched: Touched) {
  for (const { id, subjectId, txHash, reason } of ended) {
    const [row] = txHash
      ? await tx<{ store_id: string }[]>`
          UPDATE outside_payments SET refund_status = 'refunded', refund_tx_hash = ${txHash}, refunded_at = now(), refund_error = NULL
          WHERE id = ${subjectId} AND refund_operation_id = ${id} RETURNING store_id`
      : await tx<{ store_id: string; is_over: boolean }[]>`
          UPDATE outside_payments p SET
            refund_operation_id = NULL, refund_error = ${reason ?? "reverted"},
            refund_status = CASE WHEN tried.times < ${REFUND_OPERATIONS_MAX} THEN 'requested' ELSE 'failed' END
          FROM (SELECT count(*)::integer AS times FROM user_operations o WHERE o.subject_id = ${subjectId} AND o.kind = 'guest_refund') AS tried
          WHERE p.id = ${subjectId} AND p.refund_operation_id = ${id} RETURNING p.store_id`;
    if (!row) continue;
    touched.storeIds.add(row.store_id);
    if (txHash) {
      await tx`
        INSERT INTO audit_logs (id, action, resource_type, resource_id, new_values)
        VALUES (${newId()}, 'guest_payment.refunded', 'outside_payment', ${subjectId}, ${JSON.stringify({ txHash })}::text::jsonb)`;
    } else {
      await tx`SELECT public.enqueue_job('guests.refund', ${JSON.stringify({ outsidePaymentId: subjectId })}::text::json, ${`guests.refund:${subjectId}`}, now())`;
    }
  }
}

/** A reorg took these operations back: the money is on its way again. */
export async function reopenRefunds(tx: SqlTx, operationIds: readonly string[], touched: Touched) {
  if (operationIds.length === 0) return;
  const rows = await tx<{ store_id: string }[]>`
    UPDATE outside_payments SET refund_status = 'requested', refund_tx_hash = NULL, refunded_at = NULL, refund_error = NULL
    WHERE refund_operation_id = ANY (${[...operationIds]}::uuid[]) RETURNING store_id`;
  for (const { store_id } of rows) touched.storeIds.add(store_id);
}
