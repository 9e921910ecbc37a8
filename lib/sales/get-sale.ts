import "server-only";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import type { ChainId } from "@/lib/chain/chains";
import type { ChargeLine } from "@/lib/charges/rules";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { storePaymentColumns, storePaymentOf, type StorePaymentRow } from "@/lib/live/queries";
import type { StorePayment } from "@/lib/live/rules";
import { usdMicrosFromDecimal } from "@/lib/money";
import { reaisOfParts, type RewardPart, type TokenPart, type TransactionOrigin } from "@/lib/payments/rules";
import { refundsOfSale, type RefundView } from "@/lib/refunds/queries";
import { requirePermission } from "@/lib/team/require-permission";
import { can, type Role } from "@/lib/team/rules";
import { isSale } from "./queries";

export type SalePart = { kind: "own" | "other" | "dollars"; amountBrlCentavos: bigint; amountUsdMicros: bigint };

/** One sale, as the people of its store see it. */
export type SaleView = {
  role: Role;
  timeZone: string;
  payment: StorePayment;
  origin: TransactionOrigin | null;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint | null;
  brlPerUsdMicros: bigint | null;
  tip: { amountUsdMicros: bigint; amountBrlCentavos: bigint } | null;
  /** What was sold, by whom, at which till; nothing for a payment without a charge. */
  charge: { lines: ChargeLine[]; note: string | null; seller: string | null; /** The manager who let the seller sell at a shared till. */ standIn: string | null; till: string | null } | null;
  /** What the payer paid with. Whose rewards they were is the payer's affair. */
  parts: SalePart[];
  rewardUsdMicros: bigint | null;
  refunds: RefundView[];
  details: { chainId: ChainId; transactionHash: string | null; blockNumber: bigint | null };
};

type Row = StorePaymentRow & {
  time_zone: string; is_today: boolean; origin: TransactionOrigin | null; rate: string | null; tip_usd: string | null; tip_brl: string | null; charge_id: string | null; lines: ChargeLine[] | null;
  note: string | null; seller: string | null; stand_in: string | null; till: string | null; tokens_used: TokenPart[] | null; rewards_earned: RewardPart | null; chain_id: ChainId; tx_hash: string | null; block_number: string | null;
};

/**
 * One sale of a store. Every member sees today's; older ones need the right to see all. A payment that was never paid is no sale yet.
 * Fails with not_found (also another store's), forbidden.
 */
export async function getSale(actor: Actor, storeId: string, transactionId: string): Promise<SaleView> {
  const role = await requirePermission(db, actor, storeId, "payments.view_today");
  if (!isId(transactionId)) throw new DomainError("not_found");
  const [row] = await sql<Row[]>`
    SELECT ${storePaymentColumns()}, coalesce(s.time_zone, 'America/Sao_Paulo') AS time_zone,
           coalesce(t.confirmed_at, t.created_at) >= date_trunc('day', now(), coalesce(s.time_zone, 'America/Sao_Paulo')) AS is_today,
           t.origin, t.brl_per_usd::text AS rate, t.tip_usd::text, t.tip_brl_centavos::text AS tip_brl, t.charge_id, c.items AS lines, c.note,
           CASE WHEN m.deleted_at IS NULL THEN m.name END AS seller, CASE WHEN o.deleted_at IS NULL THEN o.name END AS stand_in, l.name AS till, t.tokens_used, t.rewards_earned, t.chain_id, t.tx_hash, t.block_number::text
    FROM transactions t
    JOIN stores s ON s.id = t.store_id
    LEFT JOIN users u ON u.id = t.from_user_id
    LEFT JOIN charges c ON c.id = t.charge_id
    LEFT JOIN users m ON m.id = c.created_by
    LEFT JOIN tills l ON l.id = c.till_id
    LEFT JOIN till_sittings h ON h.id = c.sitting_id
    LEFT JOIN users o ON o.id = h.override_by
    WHERE t.id = ${transactionId} AND t.store_id = ${storeId} AND ${isSale()}`;
  if (!row) throw new DomainError("not_found");
  // A refusal leaves its audit line.
  if (!row.is_today && !can(role, "payments.view_all")) await requirePermission(db, actor, storeId, "payments.view_all");
  const payment = storePaymentOf(row);
  const parts = row.tokens_used ?? [];
  const partsUsdMicros = parts.map((part) => usdMicrosFromDecimal(part.amount_usd));
  const reais = reaisOfParts(partsUsdMicros, BigInt(payment.amountBrlCentavos ?? 0));
  return {
    role,
    timeZone: row.time_zone,
    payment,
    origin: row.origin,
    amountUsdMicros: BigInt(payment.amountUsdMicros),
    amountBrlCentavos: payment.amountBrlCentavos === null ? null : BigInt(payment.amountBrlCentavos),
    brlPerUsdMicros: row.rate === null ? null : usdMicrosFromDecimal(row.rate),
    tip: row.tip_usd === null || row.tip_brl === null || row.tip_brl === "0" ? null : { amountUsdMicros: usdMicrosFromDecimal(row.tip_usd), amountBrlCentavos: BigInt(row.tip_brl) },
    charge: row.charge_id === null ? null : { lines: row.lines ?? [], note: row.note, seller: row.seller, standIn: row.stand_in, till: row.till },
    parts: parts.map((part, index) => ({
      kind: part.store_id === null ? "dollars" : part.store_id === storeId ? "own" : "other",
      amountBrlCentavos: reais[index] ?? 0n,
      amountUsdMicros: partsUsdMicros[index] ?? 0n,
    })),
    rewardUsdMicros: row.rewards_earned?.amount_usd ? usdMicrosFromDecimal(row.rewards_earned.amount_usd) : null,
    refunds: await refundsOfSale(transactionId),
    details: { chainId: row.chain_id, transactionHash: row.tx_hash, blockNumber: row.block_number === null ? null : BigInt(row.block_number) },
  };
}
