import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { DONE_WHEN_LANDED, TRANSACTION_KINDS } from "@/lib/operations/rules";
import type { SqlTx } from "@/lib/worker/lease";
import type { Touched } from "./facts";
import type { SettledOperation } from "./settle-operations";

/** Whose screens show a transaction. */
export function touchPeople(touched: Touched, { from_user_id, to_user_id }: { from_user_id: string | null; to_user_id: string | null }) {
  for (const userId of [from_user_id, to_user_id]) if (userId) touched.userIds.add(userId);
}

/**
 * Ends what people moved without a counter. We sponsor nothing but what was built from the row, so an operation that landed with success is
 * what its row says; one that reverted took nothing. What leaves for another place (consolidation) stays pending here and is done when it
 * arrives.
 */
export async function settleMoves(tx: SqlTx, chainId: ChainId, settled: readonly SettledOperation[], touched: Touched) {
  const moves = settled.filter(({ kind, fact }) => kind !== "payment" && kind !== "till_deposit" && TRANSACTION_KINDS.includes(kind) && (DONE_WHEN_LANDED.includes(kind) || !fact.success));
  if (moves.length === 0) return;
  const rows = await tx<{ from_user_id: string | null; to_user_id: string | null; store_id: string | null }[]>`
    WITH landed AS (
      SELECT t.id FROM transactions t WHERE t.id = ANY (${moves.map(({ subjectId }) => subjectId)}::uuid[]) AND t.chain_id = ${chainId}::chain_id ORDER BY t.id FOR NO KEY UPDATE
    )
    UPDATE transactions t SET
      status = CASE WHEN event.success THEN 'confirmed' ELSE 'failed' END::transaction_status, confirmed_at = CASE WHEN event.success THEN now() END,
      error_code = CASE WHEN event.success THEN NULL ELSE 'reverted' END, error_message = event.reason,
      tx_hash = event.tx_hash, block_number = event.block_number, block_hash = event.block_hash
    FROM landed, unnest(
      ${moves.map(({ subjectId }) => subjectId)}::uuid[], ${moves.map(({ fact }) => String(fact.success))}::text[]::boolean[], ${moves.map(({ fact }) => fact.reason)}::text[],
      ${moves.map(({ fact }) => fact.txHash)}::text[], ${moves.map(({ fact }) => fact.blockNumber.toString())}::bigint[], ${moves.map(({ fact }) => fact.blockHash)}::text[]
    ) AS event (id, success, reason, tx_hash, block_number, block_hash)
    WHERE t.id = landed.id AND event.id = t.id
    RETURNING t.from_user_id, t.to_user_id, t.store_id`;
  for (const row of rows) {
    touchPeople(touched, row);
    if (row.store_id) touched.storeIds.add(row.store_id);
  }
}
