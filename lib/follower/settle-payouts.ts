import "server-only";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { newId } from "@/lib/ids";
import { decimalFromUsdMicros } from "@/lib/money";
import { ON_THE_WAY } from "@/lib/payouts/rules";
import type { SqlTx } from "@/lib/worker/lease";
import type { RangeFacts, Touched } from "./facts";
import { dollarsOut, isWithin } from "./record-moved";
import type { SettledOperation } from "./settle-operations";

type Paid = { id: string; store_id: string; provider: string | null; state: string };

/**
 * What became of the dollars of payouts: they reached the destination, which completes one to a balance or a wallet, or the partner, who is asked to pay from
 * here on, or they left for the partner's chain (fundArrived). The amount is what the chain moved. One that reverted took nothing.
 */
export async function settlePayouts(tx: SqlTx, chainId: ChainId, settled: readonly SettledOperation[], { operations, transfers }: Pick<RangeFacts, "operations" | "transfers">, touched: Touched) {
  for (const { subjectId, kind, fact } of settled) {
    if (kind !== "store_payout") continue;
    if (!fact.success) {
      await endPayouts(tx, [subjectId], { errorCode: "reverted", reason: fact.reason ?? "reverted" }, touched);
      continue;
    }
    const [asked] = await tx<{ payee: string; is_carried: boolean }[]>`
      SELECT payee_address AS payee, EXISTS (SELECT FROM consolidations c WHERE c.id = transactions.id AND c.kind = 'payout') AS is_carried FROM transactions WHERE id = ${subjectId}`;
    if (asked?.is_carried) {
      await leaveForPartner(tx, { id: subjectId, txHash: fact.txHash, sentUsdMicros: dollarsOut(chainId, fact, { operations, transfers }) }, touched);
      continue;
    }
    const sent = transfers.reduce((sum, transfer) => (transfer.token === USDC[chainId] && transfer.from === fact.sender && transfer.to === asked?.payee && isWithin(transfer, fact, operations) ? sum + transfer.amountUnits : sum), 0n);
    await tx`UPDATE transactions SET amount_usd = ${decimalFromUsdMicros(sent)}::numeric WHERE id = ${subjectId}`;
    const [row] = await tx<Paid[]>`
      UPDATE payouts SET funded_usd = ${decimalFromUsdMicros(sent)}::numeric, problem = NULL, error_message = NULL,
        state = CASE WHEN provider IS NULL THEN 'completed' WHEN state IN ('requested', 'funding') THEN 'funded' ELSE state END,
        completed_at = CASE WHEN provider IS NULL THEN now() ELSE completed_at END, processed_at = CASE WHEN provider IS NULL THEN now() ELSE processed_at END
      WHERE transaction_id = ${subjectId} RETURNING id, store_id, provider, state`;
    if (!row) continue;
    touched.storeIds.add(row.store_id);
    await step(tx, row.id, row.provider === null ? "completed" : "funded", `${fact.txHash}:${subjectId}`, { txHash: fact.txHash });
    if (row.provider) await wake(tx, row.id);
    else await audit(tx, row.id, "payout.completed", { txHash: fact.txHash });
  }
}

/** Burned where the store's money was: on their way to the partner's chain. One that had arrived before a reorg took this back stands as it is. */
async function leaveForPartner(tx: SqlTx, { id, txHash, sentUsdMicros }: { id: string; txHash: string; sentUsdMicros: bigint }, touched: Touched) {
  await tx`UPDATE transactions SET amount_usd = ${decimalFromUsdMicros(sentUsdMicros)}::numeric WHERE id = ${id}`;
  const [row] = await tx<{ id: string; store_id: string }[]>`
    UPDATE payouts SET state = 'funding', problem = NULL, error_message = NULL WHERE transaction_id = ${id} AND state IN ('requested', 'funding') RETURNING id, store_id`;
  if (!row) return;
  touched.storeIds.add(row.store_id);
  await step(tx, row.id, "funding", `${txHash}:${id}`, { reason: ON_THE_WAY, txHash });
}

/** Dollars of another chain that were minted at the partner: what arrived is what it is asked to pay for, and the bridge's fee is what is missing. */
export async function fundArrived(tx: SqlTx, arrived: readonly { transactionId: string; txHash: string; leftUsdMicros: bigint; arrivedUsdMicros: bigint }[], touched: Touched) {
  for (const { transactionId, txHash, leftUsdMicros, arrivedUsdMicros } of arrived) {
    const [row] = await tx<{ id: string; store_id: string }[]>`
      UPDATE payouts SET funded_usd = ${decimalFromUsdMicros(arrivedUsdMicros)}::numeric, problem = NULL, error_message = NULL, state = CASE WHEN state IN ('requested', 'funding') THEN 'funded' ELSE state END,
        fee_usd = ((quote->>'protocolFeeUsdMicros')::numeric + (quote->>'networkFeeUsdMicros')::numeric + (quote->>'storeFeeUsdMicros')::numeric + ${(leftUsdMicros - arrivedUsdMicros).toString()}::numeric) / 1000000
      WHERE transaction_id = ${transactionId} RETURNING id, store_id`;
    if (!row) continue;
    touched.storeIds.add(row.store_id);
    await step(tx, row.id, "funded", `${txHash}:${transactionId}`, { txHash });
    await wake(tx, row.id);
  }
}

/** Payouts whose dollars never left the store. A value that fell below what was shown waits for the owner's word; anything else is the end. */
export async function endPayouts(tx: SqlTx, transactionIds: readonly string[], { errorCode, reason }: { errorCode: string; reason: string }, touched: Touched) {
  if (transactionIds.length === 0) return;
  const state = errorCode === "quote_moved" ? "needs_confirmation" : "failed";
  const rows = await tx<{ id: string; store_id: string; transaction_id: string }[]>`
    UPDATE payouts SET state = ${state}, problem = ${errorCode}, error_message = ${reason} WHERE transaction_id = ANY (${[...transactionIds]}::uuid[]) AND state IN ('requested', 'funding')
    RETURNING id, store_id, transaction_id`;
  for (const row of rows) {
    touched.storeIds.add(row.store_id);
    await step(tx, row.id, state, row.transaction_id, { reason: errorCode });
    await audit(tx, row.id, state === "failed" ? "payout.failed" : "payout.needs_confirmation", { errorCode });
  }
}

/**
 * A reorg took these operations back, or the arrival of their dollars at the partner: they are on their way again. What has arrived on the other chain stays
 * there, whatever became of its departure. What a partner was asked to do stands by the partner's own word; its credit is looked at once more.
 */
export async function reopenPayouts(tx: SqlTx, transactionIds: readonly string[], touched: Touched) {
  if (transactionIds.length === 0) return;
  const rows = await tx<{ id: string; store_id: string }[]>`
    UPDATE payouts SET state = 'funding', funded_usd = NULL, credited_at = NULL, completed_at = NULL, processed_at = NULL, problem = NULL, error_message = NULL
    WHERE transaction_id = ANY (${[...transactionIds]}::uuid[])
      AND NOT EXISTS (SELECT FROM consolidations c WHERE c.id = payouts.transaction_id AND c.kind = 'payout' AND c.arrived_block IS NOT NULL)
      AND (provider IS NULL OR state IN ('funded', 'requested', 'funding') OR (funded_usd IS NULL AND state IN ('failed', 'needs_confirmation')) OR (state = 'needs_confirmation' AND asked_at IS NULL))
    RETURNING id, store_id`;
  for (const row of rows) {
    touched.storeIds.add(row.store_id);
    await tx`INSERT INTO payout_steps (id, payout_id, state, provider, detail) VALUES (${newId()}, ${row.id}, 'funding', 'chain', '{"reason": "reorganised"}')`;
  }
}

const step = (tx: SqlTx, payoutId: string, state: string, externalId: string, detail: Record<string, string>) => tx`
  INSERT INTO payout_steps (id, payout_id, state, provider, external_id, detail)
  VALUES (${newId()}, ${payoutId}, ${state}, 'chain', ${externalId}, ${JSON.stringify(detail)}::text::jsonb) ON CONFLICT (provider, external_id, state) DO NOTHING`;

const wake = (tx: SqlTx, payoutId: string) => tx`SELECT public.enqueue_job('payouts.advance', ${JSON.stringify({ payoutId })}::text::json, ${`payouts.advance:${payoutId}`}, now())`;

const audit = (tx: SqlTx, payoutId: string, action: string, values: Record<string, string>) => tx`
  INSERT INTO audit_logs (id, action, resource_type, resource_id, new_values) VALUES (${newId()}, ${action}, 'payout', ${payoutId}, ${JSON.stringify(values)}::text::jsonb)`;
