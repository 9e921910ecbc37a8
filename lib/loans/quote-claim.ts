import "server-only";
import { DomainError } from "@/lib/errors";
import { LANDING_SECONDS_MAX, QUOTE_LIFE_MS } from "@/lib/payments/rules";
import { currentRate } from "@/lib/rates/queries";
import { dollarsOn } from "./dollars-on";
import { openLoansOf, potsOf, type OpenLoan, type Pot } from "./queries";
import { priceClaim, priceRepayment, unitsFor } from "./price-claim";
import { openClaim, signClaim, type ClaimQuote } from "./quote";
import { CLAIM_MIN_USD_MICROS, CLAIMS_AT_ONCE_MAX, type BonusWay, type ClaimTerms, type ClaimWay } from "./rules";

type Person = { userId: string };
export type ClaimRequest = {
  way: ClaimWay;
  /** A pot's key, an advance's id, or `all` for every pot (or every advance that grew). */
  from: string;
  /** Null for all there is. */
  askedUsdMicros: bigint | null;
};
export type MadeClaim = { quote: ClaimQuote; signed: string };

/**
 * What a claim or a repayment would be now, with every line, good for 60 seconds. Writes nothing.
 * Fails with: not_found (a pot or an advance that is not this person's, or a store that is not on this chain), bonus_nothing, bonus_delayed,
 * advance_not_funded, balance_insufficient (more than there is), amount_too_small, repay_too_much, advance_ended, rate_unavailable.
 */
export async function quoteClaim(person: Person, request: ClaimRequest, now = new Date()): Promise<MadeClaim> {
  const [items, rate] = await Promise.all([itemsOf(person, request), currentRate(now)]);
  const quote: ClaimQuote = {
    personId: person.userId, way: request.way, items, brlPerUsdMicros: rate.brlPerUsdMicros, rateAt: rate.quotedAt, expiresAt: new Date(now.getTime() + QUOTE_LIFE_MS), askedUsdMicros: request.askedUsdMicros,
  };
  return { quote, signed: signClaim(quote) };
}

/** The same claim again at present values. Fails like quoteClaim, and with quote_invalid. */
export async function refreshClaim(person: Person, signed: string, now = new Date()): Promise<MadeClaim> {
  const { way, items, askedUsdMicros } = openClaim(signed, person.userId);
  const [first, ...more] = items;
  if (!first) throw new DomainError("quote_invalid");
  const from = more.length > 0 ? "all" : (first.loan?.id ?? `${first.storeId}.${first.chainId}`);
  return quoteClaim(person, { way, from, askedUsdMicros }, now);
}

function itemsOf(person: Person, { way, from, askedUsdMicros }: ClaimRequest): Promise<ClaimTerms[]> {
  if (way === "repayment") return repaymentItem(person, from, askedUsdMicros);
  return way === "headroom" ? headroomItems(person, from, askedUsdMicros) : potItems(person, way, from, askedUsdMicros);
}

async function potItems(person: Person, way: BonusWay, from: string, asked: bigint | null): Promise<ClaimTerms[]> {
  const pots = await potsOf(person);
  if (from !== "all") {
    const pot = pots.find(({ key }) => key === from);
    if (!pot) throw new DomainError("not_found");
    return [priceClaim(way, pot.place, unitsOf(way, pot, asked))];
  }
  // All stores are taken whole; an amount is taken from one of them.
  const items = pots.filter((pot) => (way === "cash_out" ? pot.cashOutUsdMicros !== null : pot.advanceUsdMicros >= CLAIM_MIN_USD_MICROS)).slice(0, CLAIMS_AT_ONCE_MAX);
  if (items.length === 0) throw new DomainError("bonus_nothing");
  return items.map((pot) => priceClaim(way, pot.place, unitsOf(way, pot, null)));
}

function unitsOf(way: BonusWay, pot: Pot, asked: bigint | null): bigint {
  // All of it, so that a store that can't lend against all says so.
  if (asked === null) return way === "advance" && pot.advanceUsdMicros >= CLAIM_MIN_USD_MICROS ? pot.advanceUnits : pot.units;
  const available = way === "cash_out" ? (pot.cashOutUsdMicros ?? 0n) : pot.advanceUsdMicros;
  const units = unitsFor(way, pot.place, asked);
  if (units === null || units > pot.units) throw new DomainError("balance_insufficient", { availableUsdMicros: available.toString() });
  return units;
}

async function headroomItems(person: Person, from: string, asked: bigint | null): Promise<ClaimTerms[]> {
  const loans = await openLoansOf(person);
  if (from === "all") {
    const grown = loans.filter(({ headroom }) => headroom !== null).slice(0, CLAIMS_AT_ONCE_MAX);
    if (grown.length === 0) throw new DomainError("bonus_nothing");
    return grown.map((open) => headroomItem(open, null));
  }
  return [headroomItem(loanOf(loans, from), asked)];
}

function headroomItem({ loan, place, headroom }: OpenLoan, asked: bigint | null): ClaimTerms {
  if (!headroom) throw new DomainError("bonus_nothing");
  const units = asked === null ? headroom.units : unitsFor("headroom", place, asked);
  if (units === null || units > headroom.units) throw new DomainError("balance_insufficient", { availableUsdMicros: headroom.netUsdMicros.toString() });
  return priceClaim("headroom", place, units, loan);
}

async function repaymentItem(person: Person, from: string, asked: bigint | null): Promise<ClaimTerms[]> {
  const open = loanOf(await openLoansOf(person), from);
  const item = priceRepayment(open.place, open.loan, asked, LANDING_SECONDS_MAX);
  const dollars = await dollarsOn(person.userId, open.place.chainId);
  if (dollars < item.boundUsdMicros) throw new DomainError("balance_insufficient", { availableUsdMicros: dollars.toString() });
  return [item];
}

function loanOf(loans: OpenLoan[], id: string): OpenLoan {
  const open = loans.find(({ loan }) => loan.id === id);
  if (!open) throw new DomainError("not_found");
  return open;
}
