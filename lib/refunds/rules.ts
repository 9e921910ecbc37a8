import { DomainError } from "@/lib/errors";

/** The life of a refund. `requested`: the rewards come back first; `paying`: the store's account pays; the other two are ends. */
export const REFUND_STATUSES = ["requested", "paying", "refunded", "failed"] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** Operations of one refund that the chain may refuse before it is failed: somebody else may distribute the store's share in between. */
export const REFUND_OPERATIONS_MAX = 3;

/** The longest wait for rewards to be signed before the store pays without them. */
export const RETURN_WAIT_MINUTES = 10;

export const REASON_CHARACTERS_MAX = 140;

/** Why a refund did not work, as far as people can do something about it; anything else is `other`. */
export const REFUND_FAILURES = ["refund_not_funded", "refund_delayed", "expired", "other"] as const;
export type RefundFailure = (typeof REFUND_FAILURES)[number];
export const refundFailureOf = (text: string | null): RefundFailure => REFUND_FAILURES.find((known) => known === text) ?? "other";

/** A sale's money and what of it is refunded or on its way back; what failed counts no more. */
export type SaleMoney = { paidUsdMicros: bigint; paidBrlCentavos: bigint; refundedUsdMicros: bigint; refundedBrlCentavos: bigint };

const max0 = (value: bigint): bigint => (value > 0n ? value : 0n);

/** How much of a sale can still be refunded. */
export const leftToRefund = ({ paidUsdMicros, paidBrlCentavos, refundedUsdMicros, refundedBrlCentavos }: SaleMoney) => ({
  usdMicros: max0(paidUsdMicros - refundedUsdMicros),
  brlCentavos: max0(paidBrlCentavos - refundedBrlCentavos),
});

/** What a sale is beside its refunds. */
export type RefundedShare = "none" | "partly" | "fully";
export function refundedShareOf({ paidUsdMicros, refundedUsdMicros }: { paidUsdMicros: bigint; refundedUsdMicros: bigint }): RefundedShare {
  if (refundedUsdMicros <= 0n) return "none";
  return refundedUsdMicros < paidUsdMicros ? "partly" : "fully";
}

/**
 * The dollars of a refund in reais of the sale, at the sale's own rate: its share of the dollars that were paid, floored, so that no row of refunds adds up
 * to more. The last one takes exactly what is left.
 * Fails with amount_missing, refund_too_much {available: centavos}, amount_too_small.
 */
export function refundUsdMicros(sale: SaleMoney, askedBrlCentavos: bigint): bigint {
  const left = leftToRefund(sale);
  if (askedBrlCentavos <= 0n) throw new DomainError("amount_missing");
  if (askedBrlCentavos > left.brlCentavos || left.usdMicros === 0n) throw new DomainError("refund_too_much", { availableBrlCentavos: left.brlCentavos.toString() });
  if (askedBrlCentavos === left.brlCentavos) return left.usdMicros;
  const share = (sale.paidUsdMicros * askedBrlCentavos) / sale.paidBrlCentavos;
  if (share === 0n) throw new DomainError("amount_too_small");
  return share < left.usdMicros ? share : left.usdMicros;
}

export type RewardShare = {
  /** What of the payer's reward belongs to the money that goes back. */
  dueUnits: bigint;
  /** Of it: what is still there to come back. */
  returnedUnits: bigint;
  /** Of it: what was spent, sold or can't be fetched, and so costs the store its value. */
  goneUnits: bigint;
};

/**
 * The reward's share of a refund: earned × refunded ÷ paid, rounded up over all refunds of the sale, less what earlier ones asked back (of those that
 * failed: what came back). Of it the payer gives back what is held.
 */
export function rewardShareOf({ earnedUnits, paidUsdMicros, refundedUsdMicros, usdMicros, claimedUnits, heldUnits }: {
  earnedUnits: bigint; paidUsdMicros: bigint; refundedUsdMicros: bigint; usdMicros: bigint; claimedUnits: bigint; heldUnits: bigint;
}): RewardShare {
  const share = paidUsdMicros === 0n ? 0n : (earnedUnits * (refundedUsdMicros + usdMicros) + paidUsdMicros - 1n) / paidUsdMicros;
  const dueUnits = max0((share < earnedUnits ? share : earnedUnits) - claimedUnits);
  const held = max0(heldUnits);
  const returnedUnits = held < dueUnits ? held : dueUnits;
  return { dueUnits, returnedUnits, goneUnits: dueUnits - returnedUnits };
}

// Invisible and direction characters turn a sentence into another one for whoever reads it beside money.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The reason as both sides read it, in NFC with single spaces. Fails with reason_missing, note_too_long. */
export function parseReason(text: string): string {
  if (text.length > 8 * REASON_CHARACTERS_MAX) throw new DomainError("note_too_long");
  const reason = text.normalize("NFC").replace(/\s/g, " ").replace(UNSEEN, "").replace(/ +/g, " ").trim();
  if (reason === "") throw new DomainError("reason_missing");
  if (reason.length > REASON_CHARACTERS_MAX) throw new DomainError("note_too_long");
  return reason;
}
