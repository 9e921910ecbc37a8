import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cashOutNetUsdMicros, reclaimableUsdMicros, unitsForNetUsdMicros } from "./cash-out";
import {
  collateralForNetUsdMicros, headroomUnits, loanTerms, LOAN_SECONDS, prepaidFeeBpsOf, prepaidFeePercentOf, prepaidSecondsOf, repaymentFor, repaymentWithin, sourceFeeDueUsdMicros, wholeRepayment,
  type LendingState, type Loan,
} from "./loan-math";

const RUNS = 500;
const dollars = fc.oneof(fc.bigInt(0n, 100n), fc.bigInt(1n, 10n ** 13n));
const tokens = fc.oneof(fc.bigInt(1n, 1_000n), fc.bigInt(10n ** 15n, 10n ** 27n));
const tax = fc.oneof(fc.constant(0), fc.constant(1_000), fc.integer({ min: 1, max: 10_000 }));
const stateArbitrary = fc.record({ surplusUsdMicros: dollars, supplyUnits: tokens, cashOutTaxRate: tax, borrowedUsdMicros: dollars, collateralUnits: tokens });
const loanArbitrary = fc.record({ borrowedUsdMicros: fc.bigInt(1n, 10n ** 12n), collateralUnits: tokens, createdAt: fc.constant(1_000_000), prepaidFeePercent: fc.integer({ min: 25, max: 500 }) })
  .map((loan): Loan => ({ ...loan, prepaidSeconds: prepaidSecondsOf(loan.prepaidFeePercent) }));
const holds = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void) => fc.assert(fc.property(arbitrary, check), { numRuns: RUNS });

describe("turned around, the arithmetic never promises less than asked", () => {
  test("the fewest tokens for an amount bring it, and one unit fewer does not", () => {
    holds(fc.tuple(stateArbitrary, dollars), ([state, wanted]) => {
      const units = unitsForNetUsdMicros(state, wanted);
      expect(cashOutNetUsdMicros(state, units ?? state.supplyUnits) >= wanted).toBe(units !== null);
      if (units) expect(cashOutNetUsdMicros(state, units - 1n) < wanted).toBe(true);
    });
  });

  test("the fewest collateral for an advance brings it, and one unit less does not", () => {
    holds(fc.tuple(stateArbitrary, dollars), ([state, wanted]) => {
      const net = (units: bigint) => loanTerms(state, { units }).netUsdMicros;
      const units = collateralForNetUsdMicros(state, wanted);
      expect(net(units ?? state.supplyUnits) >= wanted).toBe(units !== null);
      if (units) expect(net(units - 1n) < wanted).toBe(true);
    });
  });

  test("more tokens never pay less, and parts never more than the whole surplus", () => {
    holds(fc.tuple(stateArbitrary, tokens, tokens), ([state, a, b]) => {
      const [fewer, more] = a < b ? [a, b] : [b, a];
      expect(cashOutNetUsdMicros(state, fewer) <= cashOutNetUsdMicros(state, more)).toBe(true);
      expect(reclaimableUsdMicros(state, more) <= state.surplusUsdMicros).toBe(true);
    });
  });
});

describe("a loan", () => {
  test("never brings more than it owes, and its lines add up to it", () => {
    holds(fc.tuple(stateArbitrary, tokens, fc.integer({ min: 25, max: 500 })), ([state, units, prepaidFeePercent]) => {
      const terms = loanTerms(state, { units, prepaidFeePercent });
      expect(terms.netUsdMicros + terms.protocolFeeUsdMicros + terms.revFeeUsdMicros + terms.sourceFeeUsdMicros).toBe(terms.borrowedUsdMicros);
      expect(terms.netUsdMicros >= 0n).toBe(true);
    });
  });

  test("costs 6 % at the least, in three lines, and half a year without more", () => {
    const state: LendingState = { surplusUsdMicros: 200_000_000n, supplyUnits: 200_000n * 10n ** 18n, cashOutTaxRate: 0, borrowedUsdMicros: 0n, collateralUnits: 0n };
    expect(loanTerms(state, { units: 50_000n * 10n ** 18n })).toEqual({
      borrowedUsdMicros: 50_000_000n, netUsdMicros: 47_000_000n, protocolFeeUsdMicros: 1_250_000n, revFeeUsdMicros: 500_000n, sourceFeeUsdMicros: 1_250_000n,
      prepaidSeconds: 15_768_000, isFunded: true,
    });
  });

  test("25 of the contract's thousand are 250 basis points in our rows, and back", () => {
    expect(prepaidFeeBpsOf(25)).toBe(250);
    expect(prepaidFeePercentOf(250)).toBe(25);
    expect(() => prepaidFeePercentOf(255)).toThrow();
  });

  test("the fee for paying late never falls with time, is nothing within the prepaid time, and ends with the loan", () => {
    holds(fc.tuple(loanArbitrary, fc.nat(LOAN_SECONDS), fc.nat(LOAN_SECONDS)), ([loan, a, b]) => {
      const at = (seconds: number) => sourceFeeDueUsdMicros(loan, loan.borrowedUsdMicros, loan.createdAt + seconds) ?? -1n;
      const [sooner, later] = a < b ? [a, b] : [b, a];
      expect(at(sooner) <= at(later)).toBe(true);
      expect(at(loan.prepaidSeconds)).toBe(0n);
      expect(at(LOAN_SECONDS) <= loan.borrowedUsdMicros).toBe(true);
      expect(sourceFeeDueUsdMicros(loan, 1n, loan.createdAt + LOAN_SECONDS + 1)).toBeNull();
    });
  });

  test("repaid within an amount costs at most that, and one unit of collateral more would cost more", () => {
    holds(fc.tuple(stateArbitrary, loanArbitrary, dollars, fc.nat(LOAN_SECONDS)), ([around, loan, atMostUsdMicros, seconds]) => {
      const state = { ...around, borrowedUsdMicros: around.borrowedUsdMicros + loan.borrowedUsdMicros, collateralUnits: around.collateralUnits + loan.collateralUnits };
      const at = { state, now: loan.createdAt + seconds };
      const repayment = repaymentWithin(loan, { ...at, atMostUsdMicros });
      const whole = wholeRepayment(loan, at);
      expect(whole?.remainingUsdMicros).toBe(0n);
      if (!repayment) return;
      expect(repayment.totalUsdMicros <= atMostUsdMicros).toBe(true);
      expect(repayment.principalUsdMicros + repayment.remainingUsdMicros).toBe(loan.borrowedUsdMicros);
      const next = repaymentFor(loan, { ...at, returnedUnits: repayment.returnedUnits + 1n });
      if (repayment.returnedUnits < loan.collateralUnits) expect(next !== null && next.totalUsdMicros > atMostUsdMicros).toBe(true);
      else expect(repayment).toEqual(whole);
    });
  });

  test("its headroom leaves enough to carry it, and one unit more would not", () => {
    holds(fc.tuple(stateArbitrary, loanArbitrary), ([around, loan]) => {
      const state = { ...around, collateralUnits: around.collateralUnits + loan.collateralUnits };
      const lent = { ...state, surplusUsdMicros: state.surplusUsdMicros + state.borrowedUsdMicros, supplyUnits: state.supplyUnits + state.collateralUnits };
      const headroom = headroomUnits(loan, state);
      const carried = reclaimableUsdMicros(lent, loan.collateralUnits - headroom);
      if (headroom > 0n) expect(carried >= loan.borrowedUsdMicros).toBe(true);
      if (headroom < loan.collateralUnits) expect(reclaimableUsdMicros(lent, loan.collateralUnits - headroom - 1n) < loan.borrowedUsdMicros).toBe(true);
    });
  });
});
