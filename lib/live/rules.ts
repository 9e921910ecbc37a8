import type { OutsideOutcome, OutsideRefundStatus } from "@/lib/guests/rules";
import type { StoreEventKind } from "@/lib/payments/rules";

/** The channel of hints: `{"storeId": …}` or `{"userId": …}` after a commit that changed something for them. */
export const LIVE_CHANNEL = "live";

/** Who paid a sale by Pix, in every language: the bank tells us nobody. */
export const PIX_PAYER = "Pix";

/** A payment of a store as tills and lists show it. JSON: amounts are integers as text, times ISO. */
export type StorePayment = {
  id: string;
  amountUsdMicros: string;
  /** The price in reais as the payer saw it; null when it was never priced in reais. */
  amountBrlCentavos: string | null;
  /** First name; null for guests, for people who hide it and for people who are gone. */
  payerName: string | null;
  /** The payer deleted the account: the payment stays, without who it was. */
  isPayerRemoved: boolean;
  /** Null for money that no page of ours asked for in this way: a code always means "this is paid". */
  code: string | null;
  /** The charge that it paid. */
  chargeId: string | null;
  /** By a wallet, on a page of ours or without one: what it is, and what became of its refund. Null for accounts of ours. */
  outside: { outcome: OutsideOutcome; payer: string; refund: OutsideRefundStatus | null } | null;
  /** What of it was given back, and whether more is on its way; left out where nothing is. */
  refund?: { brlCentavos: string; isFull: boolean; isOnItsWay: boolean } | null;
  /** When it was paid. */
  at: string;
  /** `checking`: it was paid, and a reorganisation of the chain took it back for now. */
  state: "paid" | "checking";
};

/** One line of the till's log. `payment.state` is the present one, which in a late catch-up may differ from the event's. */
export type StoreEvent = { id: string; kind: StoreEventKind; payment: StorePayment };

/** Names of the messages on a live stream. `ready`: access was checked and what was missed was sent. `closed`: do not come back. */
export const LIVE_EVENTS = ["ready", "payment", "change", "beat", "closed"] as const;
export type LiveEventName = (typeof LIVE_EVENTS)[number];

/** Why the server ended a stream. */
export type ClosedReason = "signed_out" | "not_found";

/** Between two looks at the tables when no hint comes. Also how soon a revoked session or a removed member is cut off. */
export const LIVE_POLL_MS = 2_000;
export const LIVE_BEAT_MS = 15_000;
/** What the browser waits before it reconnects by itself. */
export const LIVE_RETRY_MS = 1_000;
