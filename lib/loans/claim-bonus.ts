import "server-only";
import { sql } from "@/db/client";
import { USDC } from "@/lib/chain/addresses";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { brlCentavosFromUsd, decimalFromUsdMicros } from "@/lib/money";
import { reserveMove, type Move, type Mover } from "@/lib/operations/reserve-move";
import { LANDING_SECONDS_MAX } from "@/lib/payments/rules";
import { openLoansOf, potsOf, type OpenLoan, type Pot } from "./queries";
import { priceClaim, repaymentCost } from "./price-claim";
import { claimFingerprint, openClaim, type ClaimQuote } from "./quote";
import { termsToJson, type ClaimTerms, type ClaimWay } from "./rules";

const KIND: Record<ClaimWay, Move["kind"]> = { cash_out: "cash_out", advance: "loan_claim", headroom: "loan_reallocation", repayment: "loan_repayment" };

/**
 * Commits a claim or a repayment as it was shown, after pricing it once more: each store's is an operation of its own, one after the other. Safe to
 * repeat: a key that was used answers its transactions, also after the quote has ended. When a later one of several is refused, the earlier ones
 * stay and are answered: each is whole by itself.
 * Fails with quote_invalid, quote_expired, quote_moved (it would bring less than guaranteed), bonus_delayed, advance_not_funded, advance_ended,
 * not_found, and like reserveMove.
 */
export async function claimBonus(mover: Mover, { key, quote: signed }: { key: string; quote: string }): Promise<{ transactionIds: string[] }> {
  const quote = openClaim(signed, mover.userId);
  const earlier = await findClaims(mover.userId, key);
  if (earlier.length > 0 && earlier.length === quote.items.length) return { transactionIds: earlier };
  if (quote.expiresAt <= new Date()) throw new DomainError("quote_expired");
  const [pots, loans] = await Promise.all([potsOf(mover), openLoansOf(mover)]);
  const transactionIds: string[] = [];
  for (const [index, item] of quote.items.entries()) {
    try {
      const tokenAddress = assertStillWorth(item, pots, loans);
      const { transactionId } = await reserveMove(mover, moveOf(item, { quote, tokenAddress, userId: mover.userId, key: `${key}${index === 0 ? "" : `.${index}`}` }));
      transactionIds.push(transactionId);
    } catch (error) {
      if (transactionIds.length === 0 || !(error instanceof DomainError)) throw error;
      break;
    }
  }
  return { transactionIds };
}

/** Prices an item again and compares with what is guaranteed; answers the token that it takes from. */
function assertStillWorth(item: ClaimTerms, pots: Pot[], loans: OpenLoan[]): string {
  if (item.loan) {
    const open = loans.find(({ loan }) => loan.id === item.loan?.id);
    if (!open) throw new DomainError("not_found");
    if (item.way === "repayment") {
      const cost = repaymentCost(open.place, open.loan, item.units, LANDING_SECONDS_MAX);
      if (cost === null || cost > item.boundUsdMicros) throw new DomainError("quote_moved");
      return USDC[item.chainId];
    }
    if (!open.headroom || open.headroom.units < item.units) throw new DomainError("quote_moved");
    assertBound(item, priceClaim("headroom", open.place, item.units, open.loan));
    return open.tokenAddress;
  }
  const pot = pots.find(({ place }) => place.storeId === item.storeId && place.chainId === item.chainId);
  if (!pot) throw new DomainError("balance_insufficient", { availableUsdMicros: "0" });
  if (item.way === "headroom" || item.way === "repayment") throw new DomainError("quote_invalid");
  assertBound(item, priceClaim(item.way, pot.place, item.units));
  return pot.tokenAddress;
}

function assertBound({ way, boundUsdMicros }: ClaimTerms, present: ClaimTerms) {
  if ((way === "cash_out" ? present.netUsdMicros : present.grossUsdMicros) < boundUsdMicros) throw new DomainError("quote_moved");
}

function moveOf(item: ClaimTerms, { quote, tokenAddress, userId, key }: { quote: ClaimQuote; tokenAddress: string; userId: string; key: string }): Move {
  const isRepayment = item.way === "repayment";
  const price = (usdMicros: bigint) => ({ amountBrlCentavos: brlCentavosFromUsd(usdMicros, quote.brlPerUsdMicros), brlPerUsdMicros: quote.brlPerUsdMicros, rateAt: quote.rateAt });
  const part = isRepayment
    ? { token_address: tokenAddress, amount: item.boundUsdMicros.toString(), amount_usd: decimalFromUsdMicros(item.boundUsdMicros), store_id: null }
    : { token_address: tokenAddress, amount: item.units.toString(), amount_usd: decimalFromUsdMicros(item.grossUsdMicros), store_id: item.storeId };
  return {
    key, fingerprint: claimFingerprint(item), chainId: item.chainId, kind: KIND[item.way], type: "bonus_claim", purpose: item.way,
    fromUserId: userId, toUserId: isRepayment ? null : userId, storeId: item.storeId,
    amountUsdMicros: item.netUsdMicros, price: price(item.netUsdMicros),
    // Headroom's tokens are collateral already: nothing that is held is given.
    parts: item.way === "headroom" ? [] : [part],
    terms: termsToJson(item),
    isSpending: false,
  };
}

/** The transactions that a key made, in their order; empty while it made none. */
export async function findClaims(userId: string, key: string): Promise<string[]> {
  if (!isId(key)) return [];
  const rows = await sql<{ id: string }[]>`
    SELECT id FROM transactions WHERE idempotency_key = ${`${userId}:${key}`} OR (from_user_id = ${userId} AND idempotency_key LIKE ${`${userId}:${key}.%`}) ORDER BY id`;
  return rows.map(({ id }) => id);
}
