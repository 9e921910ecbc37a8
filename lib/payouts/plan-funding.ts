import { cashOutNetUsdMicros, unitsForNetUsdMicros } from "@/lib/chain/cash-out";
import type { ChainId } from "@/lib/chain/chains";
import { borrowableUsdMicros, loanTerms, type LendingState } from "@/lib/chain/loan-math";
import { DomainError } from "@/lib/errors";
import { PREPAID_FEE_BPS } from "@/lib/loans/rules";
import { guaranteedOf, PAYOUT_USD_MICROS_MIN, type PayoutTermsOf, type PayoutWay } from "./rules";

/** A store's money on one chain that nothing else has been promised, with its revnet as it is now. */
export type StorePot = {
  chainId: ChainId;
  projectId: number;
  tokenAddress: string;
  state: LendingState;
  /** Its own tokens, distributed or not. */
  units: bigint;
  dollarsUsdMicros: bigint;
  /** False while the revnet refuses cash-outs. */
  canCashOut: boolean;
};

/** What a pot would pay out now without a fee, micro-dollars. */
export const potValueUsdMicros = ({ state, units, dollarsUsdMicros }: StorePot): bigint => dollarsUsdMicros + cashOutNetUsdMicros(state, units);

/** The most tokens that the revnet could lend against now; fewer than there are where it lent out much. */
function fundedUnits(state: LendingState, heldUnits: bigint): bigint {
  if (loanTerms(state, { units: heldUnits }).isFunded) return heldUnits;
  let [low, high] = [0n, heldUnits];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (borrowableUsdMicros(state, middle) <= state.surplusUsdMicros) low = middle;
    else high = middle - 1n;
  }
  return low;
}

/**
 * How an amount of a store's balance becomes dollars at the destination, in one of the ways: the store's own dollars first, then the fewest tokens whose value
 * makes up the rest. Null is all there is. Both ways take the same part of the balance, so that their nets can be compared.
 * Fails with payout_balance (availableUsdMicros), amount_too_small (minimumUsdMicros).
 */
export function planFunding(way: PayoutWay, pot: StorePot, askedUsdMicros: bigint | null): PayoutTermsOf {
  const { chainId, projectId, state } = pot;
  const most = mostOf(way, pot);
  if (askedUsdMicros !== null && askedUsdMicros > most.amountUsdMicros) throw new DomainError("payout_balance", { availableUsdMicros: most.amountUsdMicros.toString() });
  const amountUsdMicros = askedUsdMicros ?? most.amountUsdMicros;
  const dollarsUsdMicros = amountUsdMicros < pot.dollarsUsdMicros ? amountUsdMicros : pot.dollarsUsdMicros;
  const restUsdMicros = amountUsdMicros - dollarsUsdMicros;
  const units = restUsdMicros === 0n ? 0n : askedUsdMicros === null ? most.units : (unitsForNetUsdMicros(state, restUsdMicros) ?? most.units);
  const loan = way === "borrow" && units > 0n ? loanTerms(state, { units }) : null;
  const netUsdMicros = dollarsUsdMicros + (loan ? loan.netUsdMicros : restUsdMicros);
  if (netUsdMicros < PAYOUT_USD_MICROS_MIN) throw new DomainError("amount_too_small", { minimumUsdMicros: PAYOUT_USD_MICROS_MIN.toString() });
  return {
    way, chainId, projectId, units, dollarsUsdMicros, amountUsdMicros, netUsdMicros, leastUsdMicros: guaranteedOf(netUsdMicros),
    protocolFeeUsdMicros: loan?.protocolFeeUsdMicros ?? 0n, networkFeeUsdMicros: loan?.revFeeUsdMicros ?? 0n, storeFeeUsdMicros: loan?.sourceFeeUsdMicros ?? 0n,
    prepaidFeeBps: loan ? PREPAID_FEE_BPS : 0, bridgeToChainId: null, bridgeFeeUsdMicros: 0n, bridgeFinality: 0,
  };
}

/** All that a way can take of a pot, and with how many tokens. */
function mostOf(way: PayoutWay, pot: StorePot): { amountUsdMicros: bigint; units: bigint } {
  const units = way === "borrow" ? fundedUnits(pot.state, pot.units) : pot.canCashOut ? pot.units : 0n;
  return { units, amountUsdMicros: pot.dollarsUsdMicros + cashOutNetUsdMicros(pot.state, units) };
}

/** What a pot gives now for terms that were promised: the dollars that can be sent and the tokens that they need. */
export function fundingNow(terms: PayoutTermsOf, state: LendingState): { sentUsdMicros: bigint; units: bigint; borrowUsdMicros: bigint } {
  const { way, units, dollarsUsdMicros, netUsdMicros } = terms;
  const restUsdMicros = netUsdMicros - dollarsUsdMicros;
  if (units === 0n || restUsdMicros <= 0n) return { sentUsdMicros: netUsdMicros, units: 0n, borrowUsdMicros: 0n };
  if (way === "borrow") {
    const loan = loanTerms(state, { units });
    const brought = loan.isFunded ? loan.netUsdMicros : 0n;
    return { sentUsdMicros: dollarsUsdMicros + (brought < restUsdMicros ? brought : restUsdMicros), units, borrowUsdMicros: loan.borrowedUsdMicros };
  }
  const fewest = unitsForNetUsdMicros(state, restUsdMicros);
  if (fewest !== null && fewest <= units) return { sentUsdMicros: netUsdMicros, units: fewest, borrowUsdMicros: 0n };
  return { sentUsdMicros: dollarsUsdMicros + cashOutNetUsdMicros(state, units), units, borrowUsdMicros: 0n };
}
