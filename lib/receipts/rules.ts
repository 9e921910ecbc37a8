/** Links of one receipt that stand at the same time; whoever needs another ends one. */
export const RECEIPT_LINKS_MAX = 5;

/** 128 bits as base64url: 22 characters, of which the last holds two bits. */
export const RECEIPT_SECRET = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** What a checked receipt can say. `checking` also after a reorg took the payment back: then it is not paid, whatever the paper says. */
export const RECEIPT_STATES = ["paid", "refunded", "checking", "failed"] as const;
export type ReceiptState = (typeof RECEIPT_STATES)[number];

/** Paid only by the chain's word; given back only when the chain said that too. */
export function receiptStateOf({ status, refundStatus }: { status: "pending" | "confirmed" | "failed"; refundStatus: string | null }): ReceiptState {
  if (status === "failed") return "failed";
  if (status === "pending") return "checking";
  return refundStatus === "refunded" ? "refunded" : "paid";
}

/** How old our copy of the public record may be before the page says so: a chain that stopped confirms nothing. */
export const RECORD_FRESH_MS = 120_000;
