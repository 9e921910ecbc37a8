import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import { unitsForNetUsdMicros } from "@/lib/chain/cash-out";
import { readCashOutStates } from "@/lib/chain/cash-out-states";
import type { ChainId } from "@/lib/chain/chains";
import { cashOutCall, distributeReservedCalls } from "@/lib/chain/revnet";
import { readStoreTokens } from "@/lib/chain/revnet-state";
import { transferUsdcCall } from "@/lib/chain/usdc";
import { DomainError, invariant } from "@/lib/errors";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { TokenPart } from "@/lib/payments/rules";

type Row = {
  store_id: string; amount_usd: string; parts: TokenPart[]; sender: Address; project_id: number; token: Address; payee: Address | null; promised_payee: Address;
  paid_usd: string; refunded_usd: string; has_other: boolean; is_delayed: boolean; units: string; usd_micros: string;
};

/**
 * The calls that pay a refund back, from its row at the moment of signing: the store's dollars first, for the rest the fewest of its tokens that bring it,
 * and exactly the amount to whoever paid. All of it is one batch. Who that is, that it is not more than was paid, and that nothing promised to others is
 * taken, is read again, because the row may come from a broken-in web process.
 * Fails with not_found, refund_not_possible, refund_not_funded, refund_delayed; throws when the node is out of reach.
 */
export async function storeRefundCalls({ id, chainId, sender, subjectId }: { id: string; chainId: ChainId; sender: string; subjectId: string }): Promise<{ calls: Call[]; startsAt: null }> {
  const [row] = await sql<Row[]>`
    SELECT r.store_id, t.amount_usd::text, t.tokens_used AS parts, a.address AS sender, d.project_id, d.token_address AS token, r.payee_address AS promised_payee,
           CASE WHEN sale.origin IS NULL THEN (SELECT p.address FROM smart_accounts p JOIN users u ON u.id = p.user_id AND u.deleted_at IS NULL WHERE p.user_id = sale.from_user_id AND p.chain_id = sale.chain_id)
             WHEN sale.origin <> 'pix' THEN (SELECT o.payer FROM outside_payments o WHERE o.transaction_id = sale.id AND o.outcome = 'paid' AND o.block_number IS NOT NULL) END AS payee,
           sale.amount_usd::text AS paid_usd, (SELECT sum(f.amount_usd)::text FROM refunds f WHERE f.original_transaction_id = sale.id AND f.status <> 'failed') AS refunded_usd,
           EXISTS (SELECT 1 FROM user_operations o WHERE o.subject_id = t.id AND o.kind = 'store_refund' AND o.id <> ${id} AND o.status IN ('submitted', 'succeeded')) AS has_other,
           COALESCE(v.cash_out_delay_until > COALESCE(c.block_time, now()), FALSE) AS is_delayed, available.units::text, available.usd_micros::text
    FROM refunds r
    JOIN transactions t ON t.id = r.transaction_id AND t.status = 'pending' AND t.type = 'received' AND t.purpose = 'refund'
    JOIN transactions sale ON sale.id = r.original_transaction_id AND sale.type = 'payment' AND sale.status = 'confirmed' AND sale.store_id = r.store_id AND sale.chain_id = t.chain_id
    JOIN store_accounts a ON a.store_id = r.store_id AND a.chain_id = t.chain_id
    JOIN store_deployments d ON d.store_id = r.store_id AND d.chain_id = t.chain_id AND d.status = 'deployed' AND d.project_id IS NOT NULL
    LEFT JOIN revnet_states v ON v.store_id = r.store_id AND v.chain_id = t.chain_id
    LEFT JOIN chain_cursors c ON c.chain_id = t.chain_id
    CROSS JOIN LATERAL store_available(r.store_id, t.chain_id) AS available
    WHERE r.transaction_id = ${subjectId} AND r.status = 'paying' AND t.chain_id = ${chainId}::chain_id`;
  if (!row) throw new DomainError("not_found");
  invariant(row.sender === sender, "the store's own account pays refunds");
  if (row.payee === null || row.payee !== row.promised_payee || row.has_other || usdMicrosFromDecimal(row.refunded_usd) > usdMicrosFromDecimal(row.paid_usd)) throw new DomainError("refund_not_possible");

  const amountUsdMicros = usdMicrosFromDecimal(row.amount_usd);
  const promised = (isToken: boolean) => row.parts.reduce((sum, part) => sum + ((part.token_address === row.token) === isToken ? BigInt(part.amount) : 0n), 0n);
  // What is available counts this promise already: below nothing, somebody else's money would pay.
  const [spareUnits, spareUsdMicros] = [BigInt(row.units), BigInt(row.usd_micros)];
  if (spareUnits < 0n && promised(true) > 0n) throw new DomainError("refund_not_funded");
  if (spareUsdMicros < 0n && promised(false) > 0n) throw new DomainError("refund_not_funded");
  const needUsdMicros = amountUsdMicros - promised(false);
  invariant(needUsdMicros >= 0n, "no more dollars are promised than go back");
  const pays = transferUsdcCall(chainId, row.payee, amountUsdMicros);
  if (needUsdMicros === 0n) return { calls: [pays], startsAt: null };

  if (row.is_delayed) throw new DomainError("refund_delayed");
  const [states, { heldUnits, pendingUnits }] = await Promise.all([
    readCashOutStates(chainId, [row.project_id]),
    readStoreTokens(chainId, { projectId: row.project_id, tokenAddress: row.token, holder: row.sender }),
  ]);
  const state = states.get(row.project_id);
  const units = state ? unitsForNetUsdMicros(state, needUsdMicros) : null;
  if (units === null || units > heldUnits + pendingUnits || units > promised(true) + spareUnits) throw new DomainError("refund_not_funded");
  const cashOut = cashOutCall({ chainId, projectId: row.project_id, holder: row.sender, units, beneficiary: row.sender, minUsdMicros: needUsdMicros });
  return { calls: [...(heldUnits < units ? distributeReservedCalls(row.project_id) : []), cashOut, pays], startsAt: null };
}
