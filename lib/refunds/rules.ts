/** The life of a refund. `requested`: the rewards come back first; `paying`: the store's account pays; the other two are ends. */
export const REFUND_STATUSES = ["requested", "paying", "refunded", "failed"] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];
