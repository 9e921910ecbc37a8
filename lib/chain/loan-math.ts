import { invariant } from "@/lib/errors";
import { feeOf, fewest, PROTOCOL_FEE, reclaimableUsdMicros, type TokenState } from "./cash-out";

/** REVLoans.LOAN_LIQUIDATION_DURATION: ten years after a loan began, its rewards are gone. */
export const LOAN_SECONDS = 3_650 * 86_400;
/** REVLoans.MIN_PREPAID_FEE_PERCENT and MAX_PREPAID_FEE_PERCENT, in thousandths. */
export const PREPAID_FEE_PERCENT = { min: 25, max: 500 } as const;
/** REVLoans.REV_PREPAID_FEE_PERCENT: 1 %. */
const REV_FEE = 10n;
const MAX_FEE = 1_000n;

/** The contract counts a prepaid fee in thousandths (25), our rows and screens in basis points (250). The only place that converts. */
const BPS_PER_PERCENT_STEP = 10;
export const prepaidFeeBpsOf = (prepaidFeePercent: number): number => prepaidFeePercent * BPS_PER_PERCENT_STEP;
export function prepaidFeePercentOf(prepaidFeeBps: number): number {
  invariant(prepaidFeeBps % BPS_PER_PERCENT_STEP === 0, "the contract knows prepaid fees in tenths of a percent only");
  return prepaidFeeBps / BPS_PER_PERCENT_STEP;
}

/** A revnet with what it lent: a loan's value is a share of surplus and debts, of supply and collateral (REVLoans._borrowableAmountFrom). */
export type LendingState = TokenState & { borrowedUsdMicros: bigint; collateralUnits: bigint };

/** A loan as REVLoans holds it. Times are unix seconds. */
export type Loan = {
  borrowedUsdMicros: bigint;
  collateralUnits: bigint;
  createdAt: number;
  prepaidFeePercent: number;
  prepaidSeconds: number;
};

const asLent = ({ surplusUsdMicros, supplyUnits, cashOutTaxRate, borrowedUsdMicros, collateralUnits }: LendingState): TokenState => ({
  surplusUsdMicros: surplusUsdMicros + borrowedUsdMicros,
  supplyUnits: supplyUnits + collateralUnits,
  cashOutTaxRate,
});

/** What can be borrowed against some tokens now, before fees (REVLoans.borrowableAmountFrom). No collateral, no loan. */
export const borrowableUsdMicros = (state: LendingState, units: bigint): bigint => (units === 0n ? 0n : reclaimableUsdMicros(asLent(state), units));

export type LoanTerms = {
  /** What is owed, fees included. The call's `minBorrowUsdMicros` is compared with this. */
  borrowedUsdMicros: bigint;
  /** What arrives. */
  netUsdMicros: bigint;
  protocolFeeUsdMicros: bigint;
  revFeeUsdMicros: bigint;
  /** Paid into the store's own revnet. */
  sourceFeeUsdMicros: bigint;
  /** How long no further fee is due. */
  prepaidSeconds: number;
  /** False when the store has lent out so much that it can't pay this (JBTerminalStore.recordUsedAllowanceOf reverts). */
  isFunded: boolean;
};

/** How long a prepaid fee keeps a loan free of further ones: in proportion, up to the ten years at the most (REVLoans.borrowFrom). */
export const prepaidSecondsOf = (prepaidFeePercent: number): number => Math.floor((prepaidFeePercent * LOAN_SECONDS) / PREPAID_FEE_PERCENT.max);

/** The terms of a loan of an amount: each fee floored by itself, as REVLoans._addTo and JBMultiTerminal._useAllowanceOf take them. */
export function loanTerms(state: LendingState, { units, prepaidFeePercent = PREPAID_FEE_PERCENT.min }: { units: bigint; prepaidFeePercent?: number }): LoanTerms {
  invariant(prepaidFeePercent >= PREPAID_FEE_PERCENT.min && prepaidFeePercent <= PREPAID_FEE_PERCENT.max, "the contract takes 2.5 % to 50 % up front");
  const borrowedUsdMicros = borrowableUsdMicros(state, units);
  const protocolFeeUsdMicros = feeOf(borrowedUsdMicros, PROTOCOL_FEE);
  const revFeeUsdMicros = feeOf(borrowedUsdMicros, REV_FEE);
  const sourceFeeUsdMicros = feeOf(borrowedUsdMicros, BigInt(prepaidFeePercent));
  return {
    borrowedUsdMicros,
    netUsdMicros: borrowedUsdMicros - protocolFeeUsdMicros - revFeeUsdMicros - sourceFeeUsdMicros,
    protocolFeeUsdMicros,
    revFeeUsdMicros,
    sourceFeeUsdMicros,
    prepaidSeconds: prepaidSecondsOf(prepaidFeePercent),
    isFunded: borrowedUsdMicros <= state.surplusUsdMicros,
  };
}

/** The fewest tokens that a loan of at least a net amount needs; null when no loan brings that much. */
export function collateralForNetUsdMicros(state: LendingState, atLeastUsdMicros: bigint): bigint | null {
  const net = (units: bigint) => loanTerms(state, { units }).netUsdMicros;
  if (atLeastUsdMicros <= 0n) return 0n;
  if (net(state.supplyUnits) < atLeastUsdMicros) return null;
  return fewest(state.supplyUnits, (units) => net(units) >= atLeastUsdMicros);
}

/** True when a loan's ten years have passed: it can't be repaid any more. */
export const isExpired = ({ createdAt }: Pick<Loan, "createdAt">, now: number): boolean => now - createdAt > LOAN_SECONDS;

/**
 * The fee that repaying part of a loan costs at a time (REVLoans._determineSourceFeeAmount): nothing within the prepaid time,
 * then rising in thousandths to all of what was not prepaid at the end of ten years. Null when the loan has expired.
 */
export function sourceFeeDueUsdMicros(loan: Loan, repaidUsdMicros: bigint, now: number): bigint | null {
  const elapsed = now - loan.createdAt;
  if (elapsed <= loan.prepaidSeconds) return 0n;
  if (isExpired(loan, now)) return null;
  // The contract divides by the loan's amount here; a loan of nothing has no fee to divide.
  if (loan.borrowedUsdMicros === 0n) return 0n;
  const unprepaid = loan.borrowedUsdMicros - feeOf(loan.borrowedUsdMicros, BigInt(loan.prepaidFeePercent));
  const perMille = (BigInt(elapsed - loan.prepaidSeconds) * MAX_FEE) / BigInt(LOAN_SECONDS - loan.prepaidSeconds);
  return (feeOf(unprepaid, perMille) * repaidUsdMicros) / loan.borrowedUsdMicros;
}

export type Repayment = {
  /** What of the loan is paid off. */
  principalUsdMicros: bigint;
  sourceFeeUsdMicros: bigint;
  totalUsdMicros: bigint;
  returnedUnits: bigint;
  /** What stays open; nothing of both when all is repaid. */
  remainingUsdMicros: bigint;
  remainingUnits: bigint;
};

/**
 * What getting some collateral back costs at a time (REVLoans.repayLoan): the rest of it must still carry the rest of the loan
 * at the store's present value. Null when the contract would refuse: the loan expired, more than the loan holds, or the
 * store grew so much that fewer returned tokens than these would already be free (take the headroom first).
 */
export function repaymentFor(loan: Loan, { state, returnedUnits, now }: { state: LendingState; returnedUnits: bigint; now: number }): Repayment | null {
  const remainingUnits = loan.collateralUnits - returnedUnits;
  if (remainingUnits < 0n) return null;
  const remainingUsdMicros = borrowableUsdMicros(state, remainingUnits);
  if (remainingUsdMicros > loan.borrowedUsdMicros) return null;
  const principalUsdMicros = loan.borrowedUsdMicros - remainingUsdMicros;
  const sourceFeeUsdMicros = sourceFeeDueUsdMicros(loan, principalUsdMicros, now);
  if (sourceFeeUsdMicros === null) return null;
  return { principalUsdMicros, sourceFeeUsdMicros, totalUsdMicros: principalUsdMicros + sourceFeeUsdMicros, returnedUnits, remainingUsdMicros, remainingUnits };
}

/** What repaying all of a loan costs at a time; null when it has expired. */
export const wholeRepayment = (loan: Loan, { state, now }: { state: LendingState; now: number }): Repayment | null => repaymentFor(loan, { state, returnedUnits: loan.collateralUnits, now });

/** The repayment that returns the most collateral for at most an amount; null when not even the least one is so cheap. */
export function repaymentWithin(loan: Loan, { state, atMostUsdMicros, now }: { state: LendingState; atMostUsdMicros: bigint; now: number }): Repayment | null {
  const tooDear = (returnedUnits: bigint) => {
    const repayment = repaymentFor(loan, { state, returnedUnits, now });
    // Refused for headroom costs nothing, so it is not too dear: the search goes on upwards.
    return repayment !== null && repayment.totalUsdMicros > atMostUsdMicros;
  };
  const firstTooDear = tooDear(loan.collateralUnits) ? fewest(loan.collateralUnits, tooDear) : loan.collateralUnits + 1n;
  return firstTooDear === 0n ? null : repaymentFor(loan, { state, returnedUnits: firstTooDear - 1n, now });
}

/** Collateral that a loan no longer needs since the store grew: the most that REVLoans.reallocateCollateralFromLoan takes out of it. */
export function headroomUnits(loan: Pick<Loan, "borrowedUsdMicros" | "collateralUnits">, state: LendingState): bigint {
  const carries = (units: bigint) => borrowableUsdMicros(state, units) >= loan.borrowedUsdMicros;
  if (!carries(loan.collateralUnits)) return 0n;
  return loan.collateralUnits - fewest(loan.collateralUnits, carries);
}
