export const TRANSACTION_TYPES = ["payment", "received", "bonus_claim", "payout", "consolidation"] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

export const TRANSACTION_STATUSES = ["pending", "confirmed", "failed"] as const;
export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** What the till's log says of a payment. `checking_again` and `confirmed_again` come from a reorg and make no sound. */
export const STORE_EVENT_KINDS = ["paid", "checking_again", "confirmed_again"] as const;
export type StoreEventKind = (typeof STORE_EVENT_KINDS)[number];
