import { DomainError } from "@/lib/errors";

export const TRANSACTION_TYPES = ["payment", "received", "bonus_claim", "payout", "consolidation"] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

export const TRANSACTION_STATUSES = ["pending", "confirmed", "failed"] as const;
export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** Payments without an account of ours: on our page by a wallet, or sent to the store's terminal without our page. */
export const TRANSACTION_ORIGINS = ["guest", "outside"] as const;
export type TransactionOrigin = (typeof TRANSACTION_ORIGINS)[number];

/** What the till's log says of a payment. `checking_again` and `confirmed_again` come from a reorg and make no sound. */
export const STORE_EVENT_KINDS = ["paid", "checking_again", "confirmed_again"] as const;
export type StoreEventKind = (typeof STORE_EVENT_KINDS)[number];

/** How long a shown price holds. */
export const QUOTE_LIFE_MS = 60_000;

/** From a price being shown to the last second its payment may land: it is signed again for an hour when the chain was silent. */
export const LANDING_SECONDS_MAX = 4_200;

/** PRODUCT.md §7. Read again where the operation is signed. */
export const LIMITS = {
  paymentUsdMicros: 10_000_000_000n,
  dayUsdMicros: 50_000_000_000n,
  newAccountDayUsdMicros: 500_000_000n,
  newAccountDays: 7,
} as const;

/** One cent of a dollar: below it the dollars beside the price would read US$ 0.00. */
export const PAYMENT_USD_MICROS_MIN = 10_000n;

/** Refuses a price outside the limits. Fails with amount_too_small or limit_payment. */
export function assertPayable(amountUsdMicros: bigint) {
  if (amountUsdMicros < PAYMENT_USD_MICROS_MIN) throw new DomainError("amount_too_small");
  if (amountUsdMicros > LIMITS.paymentUsdMicros) throw new DomainError("limit_payment", { limitUsdMicros: LIMITS.paymentUsdMicros.toString() });
}

/** One part of a payment as `transactions.tokens_used` keeps it. Amounts are base units and decimal dollars, as text. */
export type TokenPart = { token_address: string; amount: string; amount_usd: string; store_id: string | null };

/** What the payer earns, as `transactions.rewards_earned` keeps it; `expected` until the chain's event replaces it. */
export type RewardPart = TokenPart & { expected?: true };
