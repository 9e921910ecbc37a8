import { cashOut, unitsForNetUsdMicros } from "@/lib/chain/cash-out";
import type { ChainId } from "@/lib/chain/chains";
import { borrowableUsdMicros, collateralForNetUsdMicros, headroomUnits, isExpired, LOAN_SECONDS, loanTerms, repaymentFor, repaymentWithin, wholeRepayment, type LendingState, type Loan, type Repayment } from "@/lib/chain/loan-math";
import { DomainError } from "@/lib/errors";
import { CLAIM_MIN_USD_MICROS, guaranteedOf, PREPAID_FEE_BPS, repayMaxOf, type BonusWay, type ClaimTerms } from "./rules";

/** A store's place of rewards, with its revnet as it is now. `now` is the chain's clock, unix seconds. */
export type Place = {
  storeId: string;
  chainId: ChainId;
  projectId: number;
  state: LendingState;
  /** Until when cash-outs are refused, unix seconds; 0 for never. */
  cashOutDelayUntil: number;
  now: number;
};

/** An open loan with its row's id and the chain's number. */
export type PlacedLoan = Loan & { id: string; number: bigint };

const dateOf = (seconds: number) => new Date(seconds * 1000);

/** Why this way is closed at a place now, or null. */
export function obstacleOf(way: BonusWay | "headroom", place: Place, units: bigint): DomainError | null {
  if (way === "cash_out") return place.cashOutDelayUntil > place.now ? new DomainError("bonus_delayed", { date: dateOf(place.cashOutDelayUntil).toISOString() }) : null;
  return loanTerms(place.state, { units }).isFunded ? null : new DomainError("advance_not_funded", { availableUsdMicros: place.state.surplusUsdMicros.toString() });
}

/**
 * What some tokens bring at a place, in one of the two ways: fee lines, dates, and what is guaranteed of it.
 * Fails with: bonus_delayed (date), advance_not_funded (availableUsdMicros), amount_too_small.
 */
export function priceClaim(way: BonusWay | "headroom", place: Place, units: bigint, loan: PlacedLoan | null = null): ClaimTerms {
  const obstacle = obstacleOf(way, place, units);
  if (obstacle) throw obstacle;
  const { storeId, chainId, projectId, state, now } = place;
  const common = { way, storeId, chainId, projectId, units, loan: loan && { id: loan.id, number: loan.number } };
  if (way === "cash_out") {
    const { netUsdMicros, protocolFeeUsdMicros, deployerFeeUsdMicros } = cashOut(state, units);
    assertWorthIt(netUsdMicros);
    return {
      ...common, netUsdMicros, grossUsdMicros: netUsdMicros + protocolFeeUsdMicros + deployerFeeUsdMicros, protocolFeeUsdMicros, networkFeeUsdMicros: deployerFeeUsdMicros, storeFeeUsdMicros: 0n,
      boundUsdMicros: guaranteedOf(netUsdMicros), prepaidFeeBps: 0, feeFreeUntil: null, endsAt: null,
    };
  }
  const terms = loanTerms(state, { units });
  assertWorthIt(terms.netUsdMicros);
  return {
    ...common, netUsdMicros: terms.netUsdMicros, grossUsdMicros: terms.borrowedUsdMicros,
    protocolFeeUsdMicros: terms.protocolFeeUsdMicros, networkFeeUsdMicros: terms.revFeeUsdMicros, storeFeeUsdMicros: terms.sourceFeeUsdMicros,
    // REVLoans compares what it lends, before its fees, which are shares of that.
    boundUsdMicros: guaranteedOf(terms.borrowedUsdMicros), prepaidFeeBps: PREPAID_FEE_BPS, feeFreeUntil: dateOf(now + terms.prepaidSeconds), endsAt: dateOf(now + LOAN_SECONDS),
  };
}

/** The net that is guaranteed of a claim, for showing. */
export function guaranteedNet({ way, boundUsdMicros }: Pick<ClaimTerms, "way" | "boundUsdMicros">): bigint {
  if (way === "cash_out" || way === "repayment") return boundUsdMicros;
  // The fees of a loan of the least amount; a state that lends exactly that.
  return loanTerms({ surplusUsdMicros: boundUsdMicros, supplyUnits: 1n, cashOutTaxRate: 0, borrowedUsdMicros: 0n, collateralUnits: 0n }, { units: 1n }).netUsdMicros;
}

function assertWorthIt(usdMicros: bigint) {
  if (usdMicros < CLAIM_MIN_USD_MICROS) throw new DomainError("amount_too_small", { minimumUsdMicros: CLAIM_MIN_USD_MICROS.toString() });
}

/** The fewest tokens that bring an amount in one of the ways; null when no tokens of the place do. */
export const unitsFor = (way: BonusWay | "headroom", { state }: Place, usdMicros: bigint): bigint | null =>
  way === "cash_out" ? unitsForNetUsdMicros(state, usdMicros) : collateralForNetUsdMicros(state, usdMicros);

/** The most tokens that the store could lend against now; fewer than held where it lent out much. */
export function fundedUnits({ state }: Place, heldUnits: bigint): bigint {
  if (loanTerms(state, { units: heldUnits }).isFunded) return heldUnits;
  let [low, high] = [0n, heldUnits];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (borrowableUsdMicros(state, middle) <= state.surplusUsdMicros) low = middle;
    else high = middle - 1n;
  }
  return low;
}

export const headroomOf = (loan: Loan, { state }: Pick<Place, "state">): bigint => headroomUnits(loan, state);

/**
 * What giving an advance back costs: all of it (`asked` null), or as much as an amount pays. `bySeconds` is how long after now it may land: late fees
 * are counted until then, and what was not needed comes back in the same operation.
 * Fails with: advance_ended, repay_too_much (owedUsdMicros as `limit`), amount_too_small.
 */
export function priceRepayment(place: Place, loan: PlacedLoan, asked: bigint | null, bySeconds: number): ClaimTerms {
  const { storeId, chainId, projectId, state, now } = place;
  const latest = now + bySeconds;
  if (isExpired(loan, latest)) throw new DomainError("advance_ended");
  const whole = wholeRepayment(loan, { state, now });
  const wholeLatest = wholeRepayment(loan, { state, now: latest });
  if (!whole || !wholeLatest) throw new DomainError("advance_ended");
  if (asked !== null && asked > whole.totalUsdMicros) throw new DomainError("repay_too_much", { limitUsdMicros: whole.totalUsdMicros.toString() });
  const isWhole = asked === null || asked === whole.totalUsdMicros;
  const part = isWhole ? whole : repaymentWithin(loan, { state, atMostUsdMicros: asked, now });
  if (!part || (!isWhole && part.principalUsdMicros === 0n)) throw new DomainError("amount_too_small", { minimumUsdMicros: CLAIM_MIN_USD_MICROS.toString() });
  const end: Repayment | null = isWhole ? wholeLatest : repaymentFor(loan, { state, returnedUnits: part.returnedUnits, now: latest });
  return {
    way: "repayment", storeId, chainId, projectId, units: part.returnedUnits,
    netUsdMicros: part.totalUsdMicros, grossUsdMicros: part.principalUsdMicros, protocolFeeUsdMicros: 0n, networkFeeUsdMicros: 0n, storeFeeUsdMicros: part.sourceFeeUsdMicros,
    boundUsdMicros: isWhole ? wholeLatest.totalUsdMicros : repayMaxOf(end?.totalUsdMicros ?? part.totalUsdMicros),
    prepaidFeeBps: loan.prepaidFeePercent * 10, feeFreeUntil: null, endsAt: null, loan: { id: loan.id, number: loan.number },
  };
}

/** What getting exactly these tokens back may cost by the time that it lands; null when the contract would refuse it. */
export const repaymentCost = ({ state, now }: Place, loan: PlacedLoan, returnedUnits: bigint, bySeconds: number): bigint | null =>
  repaymentFor(loan, { state, returnedUnits, now: now + bySeconds })?.totalUsdMicros ?? null;
