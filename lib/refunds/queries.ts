import "server-only";
import { sql } from "@/db/client";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { RefundFailure, RefundStatus } from "./rules";
import { refundFailureOf } from "./rules";

/**
 * Money that a store gave back, one row each, as a subquery: `store_id`, `sale_id`, `at` (when it was paid back, whose day it belongs to), `usd`, and
 * `brl_centavos` at the rate of its sale. Both ways are in it: refunds of sales, and what was sent back of money that came past our pages. Only what the
 * chain said is paid back. Give it a store, so that both parts read their index by store and time.
 */
export const refundedMoney = (storeId: string, { since, until }: { since?: Date; until?: Date } = {}) => sql`(
  SELECT r.store_id, r.original_transaction_id AS sale_id, r.completed_at AS at, r.amount_usd AS usd, r.amount_brl_centavos AS brl_centavos
  FROM refunds r WHERE r.store_id = ${storeId} AND r.status = 'refunded'
    ${since ? sql`AND r.completed_at >= ${since}` : sql``} ${until ? sql`AND r.completed_at < ${until}` : sql``}
  UNION ALL
  SELECT o.store_id, o.transaction_id, o.refunded_at, o.refund_usd, CASE WHEN t.amount_usd > 0 THEN round(o.refund_usd * t.amount_brl_centavos / t.amount_usd)::bigint END
  FROM outside_payments o JOIN transactions t ON t.id = o.transaction_id
  WHERE o.store_id = ${storeId} AND o.refunded_at IS NOT NULL AND o.refund_status = 'refunded'
    ${since ? sql`AND o.refunded_at >= ${since}` : sql``} ${until ? sql`AND o.refunded_at < ${until}` : sql``})`;

export type RefundTotals = { count: number; usdMicros: bigint; brlCentavos: bigint };

/** What a store paid back within a time, its first moment included and its last not. The caller has asked for the right to see it. */
export async function refundsOf(storeId: string, period: { since?: Date; until?: Date } = {}): Promise<RefundTotals> {
  const [row] = await sql<{ count: number; usd: string; brl: string }[]>`
    SELECT count(*)::int AS count, coalesce(sum(m.usd), 0)::text AS usd, coalesce(sum(m.brl_centavos), 0)::text AS brl FROM ${refundedMoney(storeId, period)} m`;
  return { count: row?.count ?? 0, usdMicros: usdMicrosFromDecimal(row?.usd ?? "0"), brlCentavos: BigInt(row?.brl ?? 0) };
}

export type RefundView = {
  id: string;
  status: RefundStatus;
  failure: RefundFailure | null;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint;
  reason: string;
  rewardUnits: bigint;
  returnedUnits: bigint;
  /** Who asked for it; null for somebody who is gone. */
  by: string | null;
  at: Date;
  completedAt: Date | null;
  transactionHash: string | null;
};

/** The refunds of one sale, oldest first. The caller has asked for the right to see the sale. */
export async function refundsOfSale(transactionId: string): Promise<RefundView[]> {
  const rows = await sql<{ id: string; status: RefundStatus; failure: string | null; usd: string; brl: string; reason: string; due: string; returned: string; by: string | null; at: Date; completed_at: Date | null; tx_hash: string | null }[]>`
    SELECT r.id, r.status, r.failure, r.amount_usd::text AS usd, r.amount_brl_centavos::text AS brl, r.reason, r.reward_units::text AS due, r.returned_units::text AS returned,
           CASE WHEN u.deleted_at IS NULL THEN u.name END AS by, r.created_at AS at, r.completed_at, t.tx_hash
    FROM refunds r JOIN users u ON u.id = r.requested_by LEFT JOIN transactions t ON t.id = r.transaction_id
    WHERE r.original_transaction_id = ${transactionId} ORDER BY r.id`;
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    failure: row.status === "failed" ? refundFailureOf(row.failure) : null,
    amountUsdMicros: usdMicrosFromDecimal(row.usd),
    amountBrlCentavos: BigInt(row.brl),
    reason: row.reason,
    rewardUnits: BigInt(row.due),
    returnedUnits: BigInt(row.returned),
    by: row.by,
    at: row.at,
    completedAt: row.completed_at,
    transactionHash: row.tx_hash,
  }));
}
