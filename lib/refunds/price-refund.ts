import "server-only";
import { sql } from "drizzle-orm";
import type { Tx, db } from "@/db/client";
import { cashOutNetUsdMicros, unitsForNetUsdMicros, type TokenState } from "@/lib/chain/cash-out";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import type { OutsideOutcome } from "@/lib/guests/rules";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { TransactionOrigin, TransactionStatus } from "@/lib/payments/rules";
import { leftToRefund, refundUsdMicros, rewardShareOf, type RewardShare, type SaleMoney } from "./rules";

type Row = {
  chain_id: ChainId; status: TransactionStatus; origin: TransactionOrigin | null; paid_usd: string; paid_brl: string; earned_units: string;
  refunded_usd: string; refunded_brl: string; claimed_units: string; own_refunded_usd: string; limit_usd: string | null;
  payer_id: string | null; is_payer_gone: boolean; payer_address: string | null; can_return: boolean; held_units: string; is_returning: boolean;
  outcome: OutsideOutcome | null; wallet: string | null; beneficiary: string | null;
  token_address: string | null; store_units: string; store_usd_micros: string; surplus: string; supply: string; tax: number; is_delayed: boolean;
};

/** Everything that a refund of one sale depends on, read in one statement. */
export type Sale = SaleMoney & {
  chainId: ChainId;
  /** What an admin of this name has refunded of it, and the store's limit for that. */
  ownRefundedUsdMicros: bigint;
  limitUsdMicros: bigint | null;
  earnedUnits: bigint;
  claimedUnits: bigint;
  /** Of the payer's reward, what this store may fetch now; nothing from a frozen account, one of the person's own key, or a wallet. */
  heldUnits: bigint;
  tokenAddress: string;
  /** What the store's account could still move: its tokens, and its dollars. */
  storeUnits: bigint;
  storeUsdMicros: bigint;
  state: TokenState;
  isDelayed: boolean;
};

/**
 * A sale that can be refunded, for the member who asks. Fails with not_found (also another store's sale), refund_not_possible (not paid, or money that came
 * past our pages, which has its own way back), refund_no_payer (Pix), refund_payer_gone.
 */
export async function readSale(runner: Tx | typeof db, { storeId, transactionId, memberId }: { storeId: string; transactionId: string; memberId: string }): Promise<Sale> {
  if (!isId(transactionId) || !isId(storeId)) throw new DomainError("not_found");
  const [row] = await runner.execute<Row>(sql`
    SELECT t.chain_id, t.status, t.origin, t.amount_usd::text AS paid_usd,
           COALESCE(t.amount_brl_centavos, round(t.amount_usd * COALESCE(t.brl_per_usd, (SELECT x.brl_per_usd FROM exchange_rates x ORDER BY x.quoted_at DESC LIMIT 1)) * 100))::text AS paid_brl,
           COALESCE(t.rewards_earned->>'amount', '0') AS earned_units,
           r.usd::text AS refunded_usd, r.brl::text AS refunded_brl, r.claimed::text AS claimed_units, r.own_usd::text AS own_refunded_usd, s.refund_limit_usd::text AS limit_usd,
           u.id AS payer_id, u.deleted_at IS NOT NULL AS is_payer_gone, a.address AS payer_address,
           COALESCE(u.frozen_at IS NULL AND u.deleted_at IS NULL AND a.custody_status = 'managed', FALSE) AS can_return,
           COALESCE((SELECT b.balance - COALESCE((SELECT sum(v.amount) FROM balance_reservations v WHERE v.token_balance_id = b.id AND v.released_at IS NULL), 0)
             FROM token_balances b WHERE b.user_id = u.id AND b.chain_id = t.chain_id AND b.token_address = d.token_address), 0)::text AS held_units,
           o.outcome, o.payer AS wallet, o.beneficiary, d.token_address, available.units::text AS store_units, available.usd_micros::text AS store_usd_micros,
           COALESCE(z.surplus_usd_micros, 0)::text AS surplus, COALESCE(z.supply, 0)::text AS supply, COALESCE(z.cash_out_tax_rate, 0)::int AS tax,
           COALESCE(z.cash_out_delay_until > COALESCE(c.block_time, now()), FALSE) AS is_delayed
    FROM transactions t
    JOIN stores s ON s.id = t.store_id
    LEFT JOIN store_deployments d ON d.store_id = t.store_id AND d.chain_id = t.chain_id AND d.status = 'deployed'
    LEFT JOIN revnet_states z ON z.store_id = t.store_id AND z.chain_id = t.chain_id
    LEFT JOIN chain_cursors c ON c.chain_id = t.chain_id
    LEFT JOIN users u ON u.id = t.from_user_id
    LEFT JOIN smart_accounts a ON a.user_id = u.id AND a.chain_id = t.chain_id
    LEFT JOIN outside_payments o ON o.transaction_id = t.id AND o.block_number IS NOT NULL
    CROSS JOIN LATERAL store_available(t.store_id, t.chain_id) AS available
    CROSS JOIN LATERAL (
      SELECT COALESCE(sum(f.amount_usd) FILTER (WHERE f.status <> 'failed'), 0) AS usd, COALESCE(sum(f.amount_brl_centavos) FILTER (WHERE f.status <> 'failed'), 0) AS brl,
             COALESCE(sum(f.amount_usd) FILTER (WHERE f.status <> 'failed' AND f.requested_by = ${memberId}), 0) AS own_usd,
             COALESCE(sum(CASE WHEN f.status = 'failed' THEN f.returned_units ELSE f.reward_units END), 0) AS claimed
      FROM refunds f WHERE f.original_transaction_id = t.id) AS r
    WHERE t.id = ${transactionId} AND t.store_id = ${storeId} AND t.type = 'payment'`);
  if (!row) throw new DomainError("not_found");
  if (row.status !== "confirmed" || row.token_address === null || row.paid_brl === null) throw new DomainError("refund_not_possible");
  if (row.origin === "pix") throw new DomainError("refund_no_payer");
  if (row.origin !== null && (row.outcome !== "paid" || row.wallet === null)) throw new DomainError("refund_not_possible");
  if (row.origin === null && row.is_payer_gone) throw new DomainError("refund_payer_gone");
  if (row.origin === null && row.payer_address === null) throw new DomainError("refund_not_possible");
  // A wallet keeps its rewards; an account of ours that earned them for a wallet's payment does not.
  const canReturn = row.can_return && (row.origin === null || row.beneficiary === row.payer_address);
  return {
    chainId: row.chain_id,
    paidUsdMicros: usdMicrosFromDecimal(row.paid_usd),
    paidBrlCentavos: BigInt(row.paid_brl),
    refundedUsdMicros: usdMicrosFromDecimal(row.refunded_usd),
    refundedBrlCentavos: BigInt(row.refunded_brl),
    ownRefundedUsdMicros: usdMicrosFromDecimal(row.own_refunded_usd),
    limitUsdMicros: row.limit_usd === null ? null : usdMicrosFromDecimal(row.limit_usd),
    earnedUnits: BigInt(row.earned_units),
    claimedUnits: BigInt(row.claimed_units),
    heldUnits: canReturn ? BigInt(row.held_units) : 0n,
    tokenAddress: row.token_address,
    storeUnits: BigInt(row.store_units),
    storeUsdMicros: BigInt(row.store_usd_micros),
    state: { surplusUsdMicros: BigInt(row.surplus), supplyUnits: BigInt(row.supply), cashOutTaxRate: row.tax },
    isDelayed: row.is_delayed,
  };
}

export type RefundPrice = {
  usdMicros: bigint;
  brlCentavos: bigint;
  reward: RewardShare;
  /** What the payer keeps or has spent of the reward, at today's value: the store pays it back all the same. */
  goneUsdMicros: bigint;
  returnedUsdMicros: bigint;
  /** The most that the store could pay back of this sale now, the returning rewards among it. */
  fundableUsdMicros: bigint;
  /** How it is paid: dollars that are in the account first, then the fewest tokens that bring the rest. Null where that does not reach. */
  funding: { dollarsUsdMicros: bigint; units: bigint } | null;
};

/**
 * What a refund of so many reais is: dollars at the sale's own rate, what of the reward comes back, and how the store pays it.
 * Fails with amount_missing, amount_too_small, refund_too_much.
 */
export function priceRefund(sale: Sale, brlCentavos: bigint): RefundPrice {
  const usdMicros = refundUsdMicros(sale, brlCentavos);
  const { state } = sale;
  const reward = rewardShareOf({ ...sale, usdMicros });
  const ownDollars = sale.storeUsdMicros > 0n ? sale.storeUsdMicros : 0n;
  const dollarsUsdMicros = ownDollars < usdMicros ? ownDollars : usdMicros;
  const units = unitsForNetUsdMicros(state, usdMicros - dollarsUsdMicros);
  // What comes back need not be there before.
  const isFunded = units !== null && (units <= reward.returnedUnits || units - reward.returnedUnits <= sale.storeUnits);
  const value = (amount: bigint) => (amount > 0n ? cashOutNetUsdMicros(state, amount) : 0n);
  const left = leftToRefund(sale).usdMicros;
  const whole = rewardShareOf({ ...sale, usdMicros: left });
  const most = ownDollars + value((sale.storeUnits > 0n ? sale.storeUnits : 0n) + whole.returnedUnits);
  return {
    usdMicros,
    brlCentavos,
    reward,
    goneUsdMicros: value(reward.goneUnits),
    returnedUsdMicros: value(reward.returnedUnits),
    fundableUsdMicros: most < left ? most : left,
    funding: isFunded ? { dollarsUsdMicros, units } : null,
  };
}

/** Refuses what the store can't pay now. Fails with refund_delayed, refund_not_funded. */
export function fundingOf(sale: Sale, { funding }: RefundPrice): { dollarsUsdMicros: bigint; units: bigint } {
  if (!funding) throw new DomainError("refund_not_funded");
  if (funding.units > 0n && sale.isDelayed) throw new DomainError("refund_delayed");
  return funding;
}
