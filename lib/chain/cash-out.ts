import { invariant } from "@/lib/errors";

/** What a revnet's tokens are shares of: from one block, with the tokens that are reserved and not yet distributed in the supply. */
export type TokenState = {
  surplusUsdMicros: bigint;
  supplyUnits: bigint;
  /** Of the stage that is in force, in basis points; our own stores have 0. */
  cashOutTaxRate: number;
};

/** JBConstants.MAX_CASH_OUT_TAX_RATE: at this tax nothing can be reclaimed. */
export const MAX_CASH_OUT_TAX_RATE = 10_000;
/** JBMultiTerminal.FEE and REVDeployer.FEE, of JBConstants.MAX_FEE: 2.5 % each. */
export const PROTOCOL_FEE = 25n;
export const DEPLOYER_FEE = 25n;
const MAX_FEE = 1_000n;

/** A share of an amount in thousandths, floored (JBFees.feeAmountFrom). */
export const feeOf = (amount: bigint, perMille: bigint): bigint => (amount * perMille) / MAX_FEE;

/**
 * What some tokens reclaim of a surplus before any fee: JBCashOuts.cashOutFrom, each division floored where the contract
 * floors. The surplus is in micro-dollars; as many tokens as there are, or more, reclaim all of it.
 */
export function reclaimableUsdMicros({ surplusUsdMicros, supplyUnits, cashOutTaxRate }: TokenState, units: bigint): bigint {
  if (cashOutTaxRate === MAX_CASH_OUT_TAX_RATE) return 0n;
  if (units >= supplyUnits) return surplusUsdMicros;
  const base = (surplusUsdMicros * units) / supplyUnits;
  if (cashOutTaxRate === 0) return base;
  const max = BigInt(MAX_CASH_OUT_TAX_RATE);
  const tax = BigInt(cashOutTaxRate);
  return (base * (max - tax + (tax * units) / supplyUnits)) / max;
}

export type CashOut = {
  /** What arrives. Use it as the call's `minUsdMicros`, which the terminal compares after its fee. */
  netUsdMicros: bigint;
  /** The protocol's 2.5 % of what the holder's tokens reclaim. */
  protocolFeeUsdMicros: bigint;
  /** What 2.5 % of the tokens reclaim after the rest did: REVDeployer's fee, which leaves the surplus too. */
  deployerFeeUsdMicros: bigint;
};

const NOTHING: CashOut = { netUsdMicros: 0n, protocolFeeUsdMicros: 0n, deployerFeeUsdMicros: 0n };

/**
 * What cashing out some tokens pays now, to the micro-dollar, and where the rest goes. With a tax REVDeployer
 * (beforeCashOutRecordedWith) turns 2.5 % of the tokens into its fee and the terminal (_cashOutTokensOf) keeps 2.5 % of what
 * the others reclaim; at tax 0 both take nothing. More tokens than there are count as all of them: a balance may be newer
 * than the state. A cash-out during the store's delay reverts whatever this says.
 */
export function cashOut(state: TokenState, units: bigint): CashOut {
  invariant(units >= 0n, "nobody holds fewer than no tokens");
  const { surplusUsdMicros, supplyUnits, cashOutTaxRate } = state;
  const count = units < supplyUnits ? units : supplyUnits;
  if (count === 0n || surplusUsdMicros === 0n) return NOTHING;
  if (cashOutTaxRate === 0) return { ...NOTHING, netUsdMicros: reclaimableUsdMicros(state, count) };
  const feeUnits = feeOf(count, DEPLOYER_FEE);
  const ownUnits = count - feeUnits;
  const reclaimed = reclaimableUsdMicros(state, ownUnits);
  const rest = { surplusUsdMicros: surplusUsdMicros - reclaimed, supplyUnits: supplyUnits - ownUnits, cashOutTaxRate };
  const protocolFeeUsdMicros = feeOf(reclaimed, PROTOCOL_FEE);
  return { netUsdMicros: reclaimed - protocolFeeUsdMicros, protocolFeeUsdMicros, deployerFeeUsdMicros: reclaimableUsdMicros(rest, feeUnits) };
}

/** What arrives from cashing out some tokens now, in micro-dollars. */
export const cashOutNetUsdMicros = (state: TokenState, units: bigint): bigint => cashOut(state, units).netUsdMicros;

/**
 * The fewest tokens whose cash-out brings at least an amount: a search over the contracts' own arithmetic, because a formula
 * turned around misses their floors (and a tax's fees by 5 %). Null when all tokens together would bring less.
 */
export function unitsForNetUsdMicros(state: TokenState, atLeastUsdMicros: bigint): bigint | null {
  if (atLeastUsdMicros <= 0n) return 0n;
  if (cashOutNetUsdMicros(state, state.supplyUnits) < atLeastUsdMicros) return null;
  return fewest(state.supplyUnits, (units) => cashOutNetUsdMicros(state, units) >= atLeastUsdMicros);
}

/** The smallest number from 0 to a bound that is enough, where every larger one is enough too and the bound itself is. */
export function fewest(bound: bigint, isEnough: (value: bigint) => boolean): bigint {
  let [low, high] = [0n, bound];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (isEnough(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}
