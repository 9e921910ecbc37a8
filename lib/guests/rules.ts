/** A wallet's payment page: open until a payment is reported or seen, then what the chain said. */
export const GUEST_PAYMENT_STATUSES = ["open", "checking", "paid", "expired"] as const;
export type GuestPaymentStatus = (typeof GUEST_PAYMENT_STATUSES)[number];

/**
 * What one payment event of a store, which no operation of ours made, is: the page's own payment, one too many, too little, too
 * late, or one that came without any page.
 */
export const OUTSIDE_OUTCOMES = ["paid", "paid_twice", "underpaid", "late", "outside"] as const;
export type OutsideOutcome = (typeof OUTSIDE_OUTCOMES)[number];

export const OUTSIDE_REFUND_STATUSES = ["requested", "refunded", "failed"] as const;
export type OutsideRefundStatus = (typeof OUTSIDE_REFUND_STATUSES)[number];

/** Why a reported transaction brought no payment: the chain refused it. */
export const GUEST_FAILURES = ["reverted"] as const;
export type GuestFailure = (typeof GUEST_FAILURES)[number];

/** How long a page's price holds for a wallet: wallets ask, switch chains and confirm slowly. */
export const GUEST_PAYMENT_MINUTES = 10;

/** How long a charge is held for the wallet that pays it, at most: others wait meanwhile, and the charge itself lives ten (guest_charge_open). */
export const GUEST_CHARGE_MINUTES = 5;

/** What is signed in the last second may be mined this much later, by the block's clock, and is still in time. */
export const LANDING_GRACE_SECONDS = 120;

/** The page that a memo names, as far as the judgement needs it; with its charge, where it pays one. */
export type PricedPage = { storeId: string; amountUsdMicros: bigint; expiresAt: Date; charge: { isTaken: boolean; isCancelled: boolean } | null };

/**
 * What a payment event is, beside the page that its memo names. The reference is public, so it says only which page is meant: store, time
 * and amount have to agree as well, and the first payment in chain order takes the page. A charge that somebody else paid is paid twice, and one
 * that its till took back is over.
 */
export function outcomeOf(event: { storeId: string; amountUsdMicros: bigint; minedAt: Date }, page: PricedPage | null, isPaid: boolean): OutsideOutcome {
  if (!page || page.storeId !== event.storeId) return "outside";
  if (isPaid || page.charge?.isTaken) return "paid_twice";
  if (page.charge?.isCancelled || event.minedAt.getTime() > page.expiresAt.getTime() + LANDING_GRACE_SECONDS * 1000) return "late";
  return event.amountUsdMicros < page.amountUsdMicros ? "underpaid" : "paid";
}

/** Whether a store may send it back: everything but the page's own payment, once. */
export const isRefundable = ({ outcome, refundStatus }: { outcome: OutsideOutcome; refundStatus: OutsideRefundStatus | null }): boolean =>
  outcome !== "paid" && (refundStatus === null || refundStatus === "failed");

/** "0x1234…abcd": enough to know one's own wallet again. */
export const shortAddress = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`;
