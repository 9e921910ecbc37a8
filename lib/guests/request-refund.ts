import "server-only";
import { and, eq, isNotNull, isNull, ne, or, sql as fragment } from "drizzle-orm";
import { db, sql } from "@/db/client";
import { outsidePayments, stores } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import type { ChainId } from "@/lib/chain/chains";
import { rewardValueUsdMicros } from "@/lib/chain/revnet";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { usdMicrosFromDecimal } from "@/lib/money";
import { requirePermission } from "@/lib/team/require-permission";
import { isRefundable, shortAddress, type OutsideOutcome, type OutsideRefundStatus } from "./rules";

/** What a refund would do, shown before it is confirmed. JSON: amounts are integers as text. */
export type RefundQuote = {
  outcome: OutsideOutcome;
  amountUsdMicros: string;
  /** What goes back to the payer: what this payment left the store. */
  refundUsdMicros: string;
  /** What the payer keeps: the rewards, at today's value. */
  keptUsdMicros: string;
  payer: string;
  /** The rewards went to another address than the payer's. */
  isOthersReward: boolean;
};

/**
 * The refund of a payment that no page of ours asked for in this way. Fails with not_found, forbidden, refund_not_possible, refund_not_funded,
 * refund_delayed.
 */
export async function quoteRefund(actor: Actor, input: { storeId: string; transactionId: string }): Promise<RefundQuote> {
  const role = await requirePermission(db, actor, input.storeId, "guest_payments.refund");
  const { row, refundUsdMicros, keptUsdMicros } = await priceRefund(input);
  await assertWithinLimit(actor, role, input.storeId, usdMicrosFromDecimal(row.amount_usd));
  return {
    outcome: row.outcome,
    amountUsdMicros: usdMicrosFromDecimal(row.amount_usd).toString(),
    refundUsdMicros: refundUsdMicros.toString(),
    keptUsdMicros: keptUsdMicros.toString(),
    payer: shortAddress(row.payer),
    isOthersReward: row.payer !== row.beneficiary,
  };
}

/**
 * Sends it back: exactly the store's own share of that payment, straight to the event's payer. One tap; asked twice it is one refund. The
 * worker builds and signs from the row; the least that goes back is fixed here.
 * Fails like quoteRefund.
 */
export async function requestRefund(actor: Actor, input: { storeId: string; transactionId: string }): Promise<void> {
  const role = await requirePermission(db, actor, input.storeId, "guest_payments.refund");
  const { row, refundUsdMicros } = await priceRefund(input);
  await assertWithinLimit(actor, role, input.storeId, usdMicrosFromDecimal(row.amount_usd));
  await db.transaction(async (tx) => {
    // Of two that take from the store's account at once, the second sees what the first took.
    await tx.execute(fragment`SELECT store_lock(${input.storeId}::uuid)`);
    const [left] = await tx.execute<{ is_enough: boolean }>(fragment`SELECT a.units >= ${row.store_units}::numeric AS is_enough FROM store_available(${input.storeId}::uuid, ${row.chain_id}::chain_id) a`);
    if (!left?.is_enough) {
      const [again] = await tx.select({ id: outsidePayments.id }).from(outsidePayments).where(and(eq(outsidePayments.id, row.id), eq(outsidePayments.refundStatus, "requested")));
      throw new DomainError(again ? "refund_not_possible" : "refund_not_funded");
    }
    const [asked] = await tx
      .update(outsidePayments)
      .set({ refundStatus: "requested", refundUsdMicros, refundError: null })
      .where(
        and(
          eq(outsidePayments.id, row.id),
          ne(outsidePayments.outcome, "paid"),
          isNotNull(outsidePayments.blockNumber),
          or(isNull(outsidePayments.refundStatus), eq(outsidePayments.refundStatus, "failed")),
        ),
      )
      .returning({ id: outsidePayments.id });
    if (!asked) throw new DomainError("refund_not_possible");
    await recordAudit(tx, {
      action: "guest_payment.refund_requested",
      userId: actor.userId,
      ip: actor.ip,
      userAgent: actor.userAgent,
      resourceType: "outside_payment",
      resourceId: row.id,
      newValues: { refundUsdMicros: refundUsdMicros.toString(), payer: row.payer, outcome: row.outcome },
      metadata: { storeId: input.storeId, transactionId: input.transactionId },
    });
    await enqueue(tx, "guests.refund", { outsidePaymentId: row.id }, { key: `guests.refund:${row.id}` });
  });
}

type Row = {
  id: string; chain_id: ChainId; outcome: OutsideOutcome; payer: string; beneficiary: string; amount_usd: string; reward_units: string; store_units: string;
  refund_status: OutsideRefundStatus | null; surplus: string | null; supply: string | null; available: string; cash_out_delay_until: Date | null;
};

async function priceRefund({ storeId, transactionId }: { storeId: string; transactionId: string }) {
  if (!isId(transactionId)) throw new DomainError("not_found");
  const [row] = await sql<Row[]>`
    SELECT p.id, p.chain_id, p.outcome, p.payer, p.beneficiary, p.amount_usd::text, p.reward_units::text, p.store_units::text, p.refund_status,
           v.surplus_usd_micros::text AS surplus, v.supply::text AS supply, v.cash_out_delay_until,
           (SELECT a.units::text FROM store_available(p.store_id, p.chain_id) a) AS available
    FROM outside_payments p LEFT JOIN revnet_states v ON v.store_id = p.store_id AND v.chain_id = p.chain_id
    WHERE p.transaction_id = ${transactionId} AND p.store_id = ${storeId} AND p.block_number IS NOT NULL`;
  if (!row) throw new DomainError("not_found");
  if (!isRefundable({ outcome: row.outcome, refundStatus: row.refund_status })) throw new DomainError("refund_not_possible");
  if (row.cash_out_delay_until && row.cash_out_delay_until > new Date()) throw new DomainError("refund_delayed");
  if (BigInt(row.available) < BigInt(row.store_units)) throw new DomainError("refund_not_funded");
  const state = { surplusUsdMicros: BigInt(row.surplus ?? 0), supplyUnits: BigInt(row.supply ?? 0) };
  // At cash-out tax 0 a token's value never falls, so what is shown now is the least that arrives.
  const refundUsdMicros = rewardValueUsdMicros({ units: BigInt(row.store_units), ...state });
  if (refundUsdMicros === 0n) throw new DomainError("refund_not_possible");
  return { row, refundUsdMicros, keptUsdMicros: rewardValueUsdMicros({ units: BigInt(row.reward_units), ...state }) };
}

/** An admin refunds up to what the owner allowed. A refusal leaves its audit line. */
async function assertWithinLimit(actor: Actor, role: string, storeId: string, amountUsdMicros: bigint) {
  if (role === "owner") return;
  const [store] = await db.select({ limit: stores.refundLimitUsdMicros }).from(stores).where(eq(stores.id, storeId));
  // Null is no limit; nought is a limit.
  if (store?.limit === null || store?.limit === undefined || amountUsdMicros <= store.limit) return;
  await db.transaction((tx) =>
    recordAudit(tx, { action: "permission.refused", userId: actor.userId, ip: actor.ip, resourceType: "store", resourceId: storeId, metadata: { permission: "guest_payments.refund", role, amountUsdMicros: amountUsdMicros.toString() } }),
  );
  throw new DomainError("forbidden", { permission: "guest_payments.refund" });
}
