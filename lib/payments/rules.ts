export const TRANSACTION_TYPES = ["payment", "received", "bonus_claim", "payout", "consolidation"] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

export const TRANSACTION_STATUSES = ["pending", "confirmed", "failed"] as const;
export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** Payments without an account of ours: on our page by a wallet, sent to the store's terminal without our page, or by Pix at the till. */
export const TRANSACTION_ORIGINS = ["guest", "outside", "pix"] as const;
export type TransactionOrigin = (typeof TRANSACTION_ORIGINS)[number];

/**
 * What a transaction is for, finer than its type: sends and requests between people, dollars from Pix or from outside, a store's refund; the ways
 * to take a bonus and to give an advance back; dollars or rewards that are brought together; what funds a store's payout; the reward of a Pix
 * at the till. A payment at a store has none.
 */
export const TRANSACTION_PURPOSES = ["send", "request", "top_up", "incoming", "refund", "cash_out", "advance", "headroom", "repayment", "dollars", "rewards", "payout", "till_reward"] as const;
export type TransactionPurpose = (typeof TRANSACTION_PURPOSES)[number];

/**
 * What the till's log says of a payment. `outside` is money that no page of ours asked for in this way; `checking_again` and
 * `confirmed_again` come from a reorg. Only `paid` makes a sound.
 */
export const STORE_EVENT_KINDS = ["paid", "outside", "checking_again", "confirmed_again"] as const;
export type StoreEventKind = (typeof STORE_EVENT_KINDS)[number];

/** How long a shown price holds. */
export const QUOTE_LIFE_MS = 60_000;

/** A signed price in an address, with its parts. Every browser and proxy takes addresses of this length. */
export const QUOTE_CHARACTERS_MAX = 4_000;

/** Stores whose rewards a payer switched off for one payment; more choose "dollars only". */
export const STORES_OFF_MAX = 10;

/** From a price being shown to the last second its payment may land: it is signed again for an hour when the chain was silent. */
export const LANDING_SECONDS_MAX = 4_200;

/**
 * One part of a payment as `transactions.tokens_used` keeps it. Amounts are base units and decimal dollars, as text. `amount_usd` is the
 * part's share of the price; `surplus_usd` what a cash-out brought above it, which stayed the payer's, once the chain said so.
 */
export type TokenPart = { token_address: string; amount: string; amount_usd: string; store_id: string | null; surplus_usd?: string };

/** What the payer earns, as `transactions.rewards_earned` keeps it; `expected` until the chain's event replaces it. */
export type RewardPart = TokenPart & { expected?: true };

/** Dollars of some parts in reais that add up to the price's reais: each centavo goes to the part in which it falls. */
export function reaisOfParts(partsUsdMicros: readonly bigint[], amountBrlCentavos: bigint): bigint[] {
  const totalUsdMicros = partsUsdMicros.reduce((sum, part) => sum + part, 0n);
  let [usd, shown] = [0n, 0n];
  return partsUsdMicros.map((part) => {
    usd += part;
    const upTo = totalUsdMicros === 0n ? 0n : (usd * amountBrlCentavos * 2n + totalUsdMicros) / (totalUsdMicros * 2n);
    const own = upTo - shown;
    shown = upTo;
    return own;
  });
}

/** What a payer switches at a review: all rewards at once, or those of one store. */
export const PARTS_CHANGE = /^(?:dollars|rewards|(?:off|on):[0-9a-f-]{36})$/;

/** The choice of parts after one switch. What was switched off longest ago comes back when there would be too many. */
export function changedChoice({ isDollarsOnly, offStoreIds }: { isDollarsOnly: boolean; offStoreIds: readonly string[] }, change: string): { isDollarsOnly: boolean; offStoreIds: string[] } {
  if (change === "dollars" || change === "rewards") return { isDollarsOnly: change === "dollars", offStoreIds: [...offStoreIds] };
  const [word, storeId = ""] = change.split(":");
  const others = offStoreIds.filter((id) => id !== storeId);
  return { isDollarsOnly, offStoreIds: word === "off" ? [...others, storeId].slice(-STORES_OFF_MAX) : others };
}
