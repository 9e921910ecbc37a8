import "server-only";
import { db } from "@/db/client";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { centsFromTyped } from "@/lib/money";
import { requirePermission } from "@/lib/team/require-permission";
import type { Role } from "@/lib/team/rules";
import { fundingOf, priceRefund, readSale, type RefundPrice, type Sale } from "./price-refund";
import { leftToRefund } from "./rules";

/** What a refund would do, shown before it is confirmed. JSON: amounts are integers as text. */
export type RefundQuote = {
  brlCentavos: string;
  usdMicros: string;
  /** What of the sale stays paid afterwards. */
  keptBrlCentavos: string;
  /** The reward's share that comes back to the store, at today's value. */
  returnedUsdMicros: string;
  /** Of the reward's share, what can't be fetched: its tokens, and what that costs the store today. */
  goneUnits: string;
  goneUsdMicros: string;
  goneBrlCentavos: string;
};

/** Dollars in reais of the sale, floored. */
const inReaisOf = ({ paidUsdMicros, paidBrlCentavos }: Sale, usdMicros: bigint): bigint => (paidUsdMicros === 0n ? 0n : (usdMicros * paidBrlCentavos) / paidUsdMicros);

/**
 * Prices a refund in reais of the sale. Fails with not_found, forbidden, amount_*, refund_too_much, refund_over_limit, refund_not_possible, refund_no_payer,
 * refund_payer_gone, refund_not_funded, refund_delayed.
 */
export async function quoteRefund(actor: Actor, input: { storeId: string; transactionId: string; amountText: string }): Promise<RefundQuote> {
  const role = await requirePermission(db, actor, input.storeId, "refunds.make");
  const sale = await readSale(db, { ...input, memberId: actor.userId });
  const price = priceRefund(sale, centsFromTyped(input.amountText));
  try {
    assertWithinLimit(role, sale, price);
  } catch (error) {
    await auditOverLimit(actor, input);
    throw error;
  }
  fundingOf(sale, price);
  return {
    brlCentavos: price.brlCentavos.toString(),
    usdMicros: price.usdMicros.toString(),
    keptBrlCentavos: (leftToRefund(sale).brlCentavos - price.brlCentavos).toString(),
    returnedUsdMicros: price.returnedUsdMicros.toString(),
    goneUnits: price.reward.goneUnits.toString(),
    goneUsdMicros: price.goneUsdMicros.toString(),
    goneBrlCentavos: inReaisOf(sale, price.goneUsdMicros).toString(),
  };
}

/** An admin refunds up to what the owner allowed, all of one sale together. Fails with refund_over_limit. */
export function assertWithinLimit(role: Role, { limitUsdMicros, ownRefundedUsdMicros }: Sale, { usdMicros }: RefundPrice) {
  if (role !== "owner" && limitUsdMicros !== null && ownRefundedUsdMicros + usdMicros > limitUsdMicros) throw new DomainError("refund_over_limit");
}

/** An admin above the limit lacks a right like anybody else who lacks one: the refusal leaves its audit line, whatever becomes of the caller's transaction. */
export const auditOverLimit = (actor: Actor, { storeId, transactionId }: { storeId: string; transactionId: string }): Promise<void> =>
  db.transaction((tx) =>
    recordAudit(tx, { action: "permission.refused", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, metadata: { permission: "refunds.make", role: "admin", transactionId } }),
  );

/** What the page of a sale offers: how much is left to refund, how much of it the store could pay now, or why nothing can be. */
export type RefundOffer = { leftBrlCentavos: bigint; fundableBrlCentavos: bigint; refusal: null } | { refusal: DomainError };

/** The offer for a member who may refund. Fails with not_found, forbidden. */
export async function refundOffer(actor: Actor, input: { storeId: string; transactionId: string }): Promise<RefundOffer> {
  await requirePermission(db, actor, input.storeId, "refunds.make");
  try {
    const sale = await readSale(db, { ...input, memberId: actor.userId });
    const { brlCentavos } = leftToRefund(sale);
    if (brlCentavos === 0n) return { leftBrlCentavos: 0n, fundableBrlCentavos: 0n, refusal: null };
    const { fundableUsdMicros, funding } = priceRefund(sale, brlCentavos);
    return { leftBrlCentavos: brlCentavos, fundableBrlCentavos: funding ? brlCentavos : inReaisOf(sale, fundableUsdMicros), refusal: null };
  } catch (error) {
    if (error instanceof DomainError && error.code !== "not_found") return { refusal: error };
    throw error;
  }
}
