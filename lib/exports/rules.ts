/** The columns of the payments file, in order (RAILS.md §11). A refund is a row of its own with amounts below zero, so that a sum is what was sold net. */
export const PAYMENT_COLUMNS = [
  "at", "atUtc", "id", "kind", "saleId", "store", "payer", "way", "seller", "till", "code", "amountBrl", "tipBrl", "amountUsd", "tipUsd", "rate", "rateAt",
  "networkFee", "serviceFee", "rewardUsd", "rewardUnits", "note", "network", "transactionHash", "state",
] as const;
export type PaymentColumn = (typeof PAYMENT_COLUMNS)[number];

export const PAYOUT_COLUMNS = ["at", "atUtc", "id", "kind", "destination", "amountUsd", "feeUsd", "amountBrl", "state", "completedAt", "returnedAt", "endToEndId", "network", "transactionHash"] as const;
export type PayoutColumn = (typeof PAYOUT_COLUMNS)[number];

export const CLOSE_COLUMNS = ["day", "till", "seller", "count", "grossBrl", "refundsBrl", "netBrl", "tipsBrl", "pixCount", "pixBrl", "guestCount", "guestBrl", "grossUsd", "refundsUsd"] as const;
export type CloseColumn = (typeof CLOSE_COLUMNS)[number];

/** How somebody paid: from an account here, by a wallet on our page or past it, or by Pix. */
export const WAYS = ["account", "guest", "outside", "pix"] as const;
export type Way = (typeof WAYS)[number];

export const LINE_KINDS = ["sale", "refund"] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** What a row of the payments file is in. */
export const LINE_STATES = ["paid", "refunded"] as const;
export type LineState = (typeof LINE_STATES)[number];

/** A statement on paper is a month at most, and lists every movement up to so many; beyond it lists the days. */
export const STATEMENT_DAYS_MAX = 31;
export const STATEMENT_LINES_MAX = 1_000;

/** A tax number as people read it: 11.222.333/0001-81. */
export const formatCnpj = (cnpj: string): string => cnpj.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, "$1.$2.$3/$4-$5");
