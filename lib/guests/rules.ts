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

/** How long a page's price holds for a wallet: wallets ask, switch chains and confirm slowly. */
export const GUEST_PAYMENT_MINUTES = 10;
