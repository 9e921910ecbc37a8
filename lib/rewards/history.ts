import "server-only";
import { sql } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { Person } from "@/lib/payments/payment-view";
import type { RewardPart, TokenPart, TransactionPurpose, TransactionType } from "@/lib/payments/rules";
import type { RewardMove } from "./rules";

const HISTORY_PAGE = 20;

/** One change of what a person has of a store, at what it was worth when it happened. One payment can spend and earn. */
export type RewardEntry = {
  transactionId: string;
  move: RewardMove;
  units: bigint;
  valueUsdMicros: bigint | null;
  /** Of the payment; null where no rate was shown. */
  brlPerUsdMicros: bigint | null;
  /** Where they were spent; null unless at another store. */
  at: { id: string; name: string; qrVersion: number } | null;
  createdAt: Date;
};

type Row = {
  id: string; type: TransactionType; purpose: TransactionPurpose | null; store_id: string | null; tokens_used: TokenPart[] | null; rewards_earned: RewardPart | null;
  returned_units: string | null; returned_usd: string | null; amount_usd: string; brl_per_usd: string | null; created_at: Date; store_name: string | null; qr_version: number | null;
};

/** Everything confirmed that changed a person's rewards of one store, newest first, a page by key. Fails with not_found for ids that are none. */
export async function listRewardHistory({ userId }: Person, storeId: string, { before, limit = HISTORY_PAGE }: { before?: string; limit?: number } = {}): Promise<{ items: RewardEntry[]; next: string | null }> {
  if (!isId(storeId) || (before !== undefined && !isId(before))) throw new DomainError("not_found");
  const rows = await sql<Row[]>`
    SELECT t.id, t.type, t.purpose, t.store_id, t.tokens_used, t.rewards_earned, t.amount_usd::text, t.brl_per_usd::text, t.created_at, s.name AS store_name, s.qr_version,
           f.returned_units::text, round((sale.rewards_earned->>'amount_usd')::numeric * f.returned_units / NULLIF((sale.rewards_earned->>'amount')::numeric, 0), 6)::text AS returned_usd
    FROM transactions t
    LEFT JOIN stores s ON s.id = t.store_id
    LEFT JOIN refunds f ON t.purpose = 'refund' AND f.transaction_id = t.id AND f.returned_units > 0 AND f.status <> 'requested'
    LEFT JOIN transactions sale ON sale.id = f.original_transaction_id
    WHERE (((t.from_user_id = ${userId} OR (t.to_user_id = ${userId} AND t.purpose = 'till_reward')) AND t.status = 'confirmed') OR (t.to_user_id = ${userId} AND t.store_id = ${storeId} AND f.id IS NOT NULL)) ${before ? sql`AND t.id < ${before}` : sql``}
      AND (f.id IS NOT NULL OR t.rewards_earned->>'store_id' = ${storeId} OR t.tokens_used @> ${sql.json([{ store_id: storeId }])} OR (t.type IN ('bonus_claim', 'consolidation') AND t.store_id = ${storeId}))
    ORDER BY t.id DESC LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit);
  return { items: page.flatMap((row) => entriesOf(row, storeId)), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

function entriesOf(row: Row, storeId: string): RewardEntry[] {
  const common = { transactionId: row.id, brlPerUsdMicros: row.brl_per_usd === null ? null : usdMicrosFromDecimal(row.brl_per_usd), createdAt: row.created_at };
  // The refund itself takes from the store; of the person it took the reward's share.
  if (row.returned_units !== null) return [{ ...common, move: "returned", units: BigInt(row.returned_units), valueUsdMicros: row.returned_usd === null ? null : usdMicrosFromDecimal(row.returned_usd), at: null }];
  const used = (row.tokens_used ?? []).filter((part) => part.store_id === storeId);
  if (row.type !== "payment") {
    const move = moveOf(row);
    const units = used.reduce((sum, part) => sum + BigInt(part.amount), 0n);
    const value = used.length > 0 ? used.reduce((sum, part) => sum + usdMicrosFromDecimal(part.amount_usd), 0n) : move === "cashed" ? usdMicrosFromDecimal(row.amount_usd) : null;
    return move === null ? [] : [{ ...common, move, units, valueUsdMicros: value, at: null }];
  }
  const elsewhere = row.store_id && row.store_id !== storeId && row.store_name !== null ? { id: row.store_id, name: row.store_name, qrVersion: row.qr_version ?? 1 } : null;
  const spent = used.map((part): RewardEntry => ({ ...common, move: "spent", units: BigInt(part.amount), valueUsdMicros: usdMicrosFromDecimal(part.amount_usd), at: elsewhere }));
  const reward = row.rewards_earned;
  if (reward?.store_id !== storeId) return spent;
  return [{ ...common, move: "earned", units: BigInt(reward.amount), valueUsdMicros: reward.amount_usd ? usdMicrosFromDecimal(reward.amount_usd) : null, at: null }, ...spent];
}

function moveOf({ type, purpose }: Row): RewardMove | null {
  if (type === "consolidation") return "moved";
  // A sale by Pix: the store handed over what it had kept for its customer.
  if (purpose === "till_reward") return "earned";
  if (purpose === "cash_out") return "cashed";
  if (purpose === "advance") return "locked";
  // Headroom gives no new rewards: it moves what an older advance holds already.
  return purpose === "repayment" ? "unlocked" : null;
}

/** What came from a store and what went, in sums at the values and rates of their time. Confirmed movements only. */
export async function rewardSums({ userId }: Person, storeId: string): Promise<{ earnedUsdMicros: bigint; spentUsdMicros: bigint; cashedUsdMicros: bigint; payments: number }> {
  if (!isId(storeId)) throw new DomainError("not_found");
  const [row] = await sql<{ earned: string; spent: string; cashed: string; payments: number }[]>`
    SELECT (COALESCE(sum((t.rewards_earned->>'amount_usd')::numeric) FILTER (WHERE t.type = 'payment' AND t.rewards_earned->>'store_id' = ${storeId}), 0)
             + COALESCE(sum(t.amount_usd) FILTER (WHERE t.purpose = 'till_reward' AND t.store_id = ${storeId}), 0))::numeric(18, 6)::text AS earned,
           COALESCE(sum(used.amount) FILTER (WHERE t.type = 'payment'), 0)::numeric(18, 6)::text AS spent,
           COALESCE(sum(t.amount_usd) FILTER (WHERE t.type = 'bonus_claim' AND t.purpose = 'cash_out' AND t.store_id = ${storeId}), 0)::numeric(18, 6)::text AS cashed,
           count(*) FILTER (WHERE t.type = 'payment' AND t.store_id = ${storeId})::int AS payments
    FROM transactions t
    LEFT JOIN LATERAL (SELECT sum((part->>'amount_usd')::numeric) AS amount FROM jsonb_array_elements(COALESCE(t.tokens_used, '[]')) AS part WHERE part->>'store_id' = ${storeId}) AS used ON TRUE
    WHERE (t.from_user_id = ${userId} OR (t.to_user_id = ${userId} AND t.purpose = 'till_reward')) AND t.status = 'confirmed'`;
  return { earnedUsdMicros: usdMicrosFromDecimal(row?.earned ?? "0"), spentUsdMicros: usdMicrosFromDecimal(row?.spent ?? "0"), cashedUsdMicros: usdMicrosFromDecimal(row?.cashed ?? "0"), payments: row?.payments ?? 0 };
}
