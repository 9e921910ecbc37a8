import fc from "fast-check";
import { decodeFunctionResult, encodeFunctionData, hexToBigInt, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { openTestRevnets, type RevnetNumbers, type TestRevnet } from "@/lib/test/simulated-revnets";
import { revLoansAbi } from "./abis";
import { JUICEBOX, USDC, type Address } from "./addresses";
import { cashOut } from "./cash-out";
import { borrowableUsdMicros, headroomUnits, loanTerms, prepaidSecondsOf, repaymentFor, sourceFeeDueUsdMicros, type LendingState, type Loan } from "./loan-math";
import { borrowCalls, reallocateCalls, repayCalls } from "./loans";
import { payCalls } from "./pay";
import { cashOutCall, currencyOf, expectedReward, issuedUnits } from "./revnet";

/** Every round compares a state of a revnet that cashes out, lends and issues, and a second one that repays or reallocates. */
const ROUNDS = 1_500;
const CHUNK = 25;
const TAXES = [0, 0, 0, 1_000, 2_500, 6_180, 9_999];
const BENEFICIARY: Address = "0x00000000000000000000000000000000000bea75";
const LOANS_PER_REVNET = 10n ** 12n;

let chain: TestChain;
let world: Awaited<ReturnType<typeof openTestRevnets>>;
beforeAll(async () => {
  chain = await startTestChain({ chainId: "84532" });
  world = await openTestRevnets(chain, TAXES);
});
afterAll(() => chain.stop());

const dollars = fc.oneof(fc.bigInt(0n, 100n), fc.bigInt(10_000n, 10n ** 9n), fc.bigInt(0n, 10n ** 13n));
const tokens = fc.oneof(fc.bigInt(0n, 1_000n), fc.bigInt(10n ** 15n, 10n ** 21n), fc.bigInt(10n ** 21n, 10n ** 27n));
const bps = fc.oneof(fc.constant(10_000n), fc.bigInt(0n, 10_000n));
const stateArbitrary = fc.record({ surplusUsdMicros: dollars, othersUnits: tokens, heldUnits: tokens.map((units) => units + 1n), pendingUnits: tokens, borrowedUsdMicros: fc.oneof(fc.constant(0n), dollars), collateralUnits: fc.oneof(fc.constant(0n), tokens) });
const roundArbitrary = fc.record({
  revnet: fc.nat(TAXES.length - 1),
  first: stateArbitrary,
  later: stateArbitrary,
  share: bps,
  laterShare: bps,
  /** In the later state the store has this much more behind its tokens, in basis points of the first state's worth. */
  growth: fc.oneof(fc.constant(null), fc.bigInt(9_000n, 40_000n)),
  prepaidFeePercent: fc.integer({ min: 25, max: 500 }),
  payment: fc.bigInt(0n, 10n ** 10n),
  seconds: fc.oneof(fc.integer({ min: 1, max: 400 * 86_400 }), fc.integer({ min: 1, max: 11 * 365 * 86_400 })),
});
type Round = typeof roundArbitrary extends fc.Arbitrary<infer T> ? T : never;

const lendingOf = ({ cashOutTaxRate }: TestRevnet, numbers: RevnetNumbers): LendingState => ({
  surplusUsdMicros: numbers.surplusUsdMicros,
  supplyUnits: numbers.heldUnits + numbers.othersUnits + numbers.pendingUnits,
  borrowedUsdMicros: numbers.borrowedUsdMicros,
  collateralUnits: numbers.collateralUnits,
  cashOutTaxRate,
});

/** A state in which a loan is among the debts, and, when the store grew, worth more by a factor. */
function laterState({ first, later, growth }: Round, loan: Loan, units: bigint): Omit<RevnetNumbers, "loansMade"> {
  if (growth === null) return { ...later, borrowedUsdMicros: later.borrowedUsdMicros + loan.borrowedUsdMicros, collateralUnits: later.collateralUnits + loan.collateralUnits };
  const left = first.surplusUsdMicros > loan.borrowedUsdMicros ? first.surplusUsdMicros - loan.borrowedUsdMicros : 0n;
  return {
    ...first,
    surplusUsdMicros: (left * growth) / 10_000n,
    heldUnits: first.heldUnits - units + 1n,
    borrowedUsdMicros: first.borrowedUsdMicros + loan.borrowedUsdMicros,
    collateralUnits: first.collateralUnits + loan.collateralUnits,
  };
}

type Outcome = "cash-outs" | "loans" | "loans that the store can't pay" | "payments, and fees due on a loan" | "payments, after a loan expired" | "repayments" | "refused repayments" | "reallocations" | "refused reallocations";
type Answer = { status: "success" | "failure"; data: Hex };
const number = (answer: Answer | undefined) => hexToBigInt(answer?.data ?? "0x");
const succeeded = (answer: Answer | undefined) => answer?.status === "success";

/** The blocks of one round, and what each of their answers has to be. */
function plan(round: Round, index: number, startTime: number) {
  const { chainId } = chain;
  const revnet = world.revnets[round.revnet];
  if (!revnet) throw new Error("a revnet for every tax");
  const { projectId } = revnet;
  const { holder } = world;
  const views = world.viewsOf(projectId);
  const account = holder;
  const { prepaidFeePercent } = round;

  const first: RevnetNumbers = { ...round.first, loansMade: BigInt(1_000 + index * 10) };
  const state = lendingOf(revnet, first);
  const wanted = (first.heldUnits * round.share) / 10_000n;
  const units = wanted === 0n ? 1n : wanted;
  const seen = [state.surplusUsdMicros, state.supplyUnits, state.borrowedUsdMicros, state.collateralUnits];

  const paid = cashOut(state, units);
  const cashing = {
    time: startTime,
    numbers: first,
    calls: [...views.state, views.dollarsOf(BENEFICIARY), cashOutCall({ chainId, projectId, holder, units, beneficiary: BENEFICIARY, minUsdMicros: paid.netUsdMicros }), views.dollarsOf(BENEFICIARY)],
    check: (answers: Answer[]): Outcome => {
      expect(answers.slice(0, 4).map(number)).toEqual(seen);
      expect(succeeded(answers[5]), `cash-out of ${units}`).toBe(true);
      expect(number(answers[6]) - number(answers[4])).toBe(paid.netUsdMicros);
      expect(number(answers[5])).toBe(paid.netUsdMicros);
      return "cash-outs";
    },
  };

  const createdAt = startTime + 1;
  const terms = loanTerms(state, { units, prepaidFeePercent });
  const [, borrow] = borrowCalls({ chainId, projectId, account, units, minBorrowUsdMicros: terms.borrowedUsdMicros, prepaidFeePercent });
  const borrowable = encodeFunctionData({ abi: revLoansAbi, functionName: "borrowableAmountFrom", args: [BigInt(projectId), units, 6n, BigInt(currencyOf(USDC[chainId]))] });
  const borrowing = {
    time: createdAt,
    numbers: first,
    calls: [...views.state, { to: JUICEBOX.revLoans, data: borrowable }, views.dollarsOf(holder), ...(borrow ? [borrow] : []), views.dollarsOf(holder)],
    check: (answers: Answer[]): Outcome => {
      expect(answers.slice(0, 4).map(number)).toEqual(seen);
      expect(number(answers[4])).toBe(borrowableUsdMicros(state, units));
      expect(succeeded(answers[6]), `loan of ${terms.borrowedUsdMicros}, ${state.surplusUsdMicros} there`).toBe(terms.isFunded);
      expect(number(answers[7]) - number(answers[5])).toBe(terms.isFunded ? terms.netUsdMicros : 0n);
      return terms.isFunded ? "loans" : "loans that the store can't pay";
    },
  };

  const now = createdAt + round.seconds;
  const loan: Loan = { borrowedUsdMicros: terms.borrowedUsdMicros, collateralUnits: units, createdAt, prepaidFeePercent, prepaidSeconds: prepaidSecondsOf(prepaidFeePercent) };
  const loanId = BigInt(projectId) * LOANS_PER_REVNET + first.loansMade + 1n;
  const tuple = { amount: loan.borrowedUsdMicros, collateral: loan.collateralUnits, createdAt, prepaidFeePercent, prepaidDuration: loan.prepaidSeconds, source: { token: USDC[chainId], terminal: JUICEBOX.multiTerminal } };
  const asked = (loan.borrowedUsdMicros * round.laterShare) / 10_000n;
  const due = sourceFeeDueUsdMicros(loan, asked, now);
  // The contract divides by the amount of a loan whose prepaid time is over.
  const isDivided = loan.borrowedUsdMicros > 0n || round.seconds <= loan.prepaidSeconds;
  const [, pay] = payCalls({ chainId, projectId, amountUsdMicros: round.payment, beneficiary: holder, memo: "", minReturnedUnits: 0n });
  const issue = { amountUsdMicros: round.payment, startsAt: revnet.startsAt, now };
  const issuing = {
    time: now,
    numbers: first,
    calls: [views.supply, ...(pay ? [pay] : []), views.supply, { to: JUICEBOX.revLoans, data: encodeFunctionData({ abi: revLoansAbi, functionName: "determineSourceFeeAmount", args: [tuple, asked] }) }],
    check: (answers: Answer[]): Outcome => {
      expect(number(answers[1])).toBe(expectedReward({ ...issue, rewardRateBps: revnet.rewardRateBps }));
      expect(number(answers[2]) - number(answers[0])).toBe(issuedUnits(issue));
      expect(succeeded(answers[3]), `fee after ${round.seconds} s`).toBe(due !== null && isDivided);
      if (succeeded(answers[3])) expect(number(answers[3])).toBe(due);
      return due === null ? "payments, after a loan expired" : "payments, and fees due on a loan";
    },
  };

  const then: RevnetNumbers = { ...laterState(round, loan, units), loansMade: first.loansMade + 5n };
  const lending = lendingOf(revnet, then);
  const after = now + 1;
  return { blocks: [cashing, borrowing, issuing, index % 2 === 0 ? repaying() : reallocating()], end: after };

  function repaying() {
    const returnedUnits = (units * round.laterShare) / 10_000n;
    const repayment = repaymentFor(loan, { state: lending, returnedUnits, now: after });
    const isDue = repayment !== null && terms.isFunded && isDivided;
    const [, repay] = repayCalls({ chainId, account, loanId, returnedUnits, maxUsdMicros: repayment ? repayment.totalUsdMicros + 1_000n : 10n ** 12n });
    return {
      time: after,
      numbers: then,
      calls: [views.dollarsOf(holder), ...(repay ? [repay] : []), views.dollarsOf(holder)],
      check: (answers: Answer[]): Outcome => {
        expect(succeeded(answers[1]), `repaying ${returnedUnits} of ${units} after ${round.seconds} s`).toBe(isDue);
        if (!isDue || !answers[1]) return "refused repayments";
        expect(number(answers[0]) - number(answers[2])).toBe(repayment.totalUsdMicros);
        const [, left] = decodeFunctionResult({ abi: revLoansAbi, functionName: "repayLoan", data: answers[1].data });
        expect([left.amount, left.collateral]).toEqual([repayment.remainingUsdMicros, repayment.remainingUnits]);
        return "repayments";
      },
    };
  }

  function reallocating() {
    const headroom = headroomUnits(loan, lending);
    const fresh = loanTerms(lending, { units: headroom });
    const reallocate = (removed: bigint) => reallocateCalls({ chainId, projectId, account, loanId, units: removed, minBorrowUsdMicros: removed === headroom ? fresh.borrowedUsdMicros : 0n, prepaidFeePercent: 25 })[1];
    const calls = [reallocate(headroom + 1n), reallocate(headroom)].flatMap((call) => (call ? [call] : []));
    return {
      time: after,
      numbers: then,
      calls: [views.dollarsOf(holder), ...calls, views.dollarsOf(holder)],
      check: (answers: Answer[]): Outcome => {
        // A loan of nothing carries no debt, so all of its collateral is free; one more than all is never there.
        expect(succeeded(answers[1]), `one more than the headroom of ${headroom}`).toBe(false);
        expect(succeeded(answers[2]), `headroom of ${headroom}`).toBe(terms.isFunded && headroom > 0n && fresh.isFunded);
        expect(number(answers[3]) - number(answers[0])).toBe(succeeded(answers[2]) ? fresh.netUsdMicros : 0n);
        return succeeded(answers[2]) ? "reallocations" : "refused reallocations";
      },
    };
  }
}

describe("our arithmetic equals the contracts', to the unit", () => {
  test("over random states of revnets with several cash-out taxes", async () => {
    const { client } = chain;
    const rounds = fc.sample(roundArbitrary, { numRuns: ROUNDS, seed: 2_026 });
    const start = Number((await client.getBlock()).timestamp);
    const outcomes = new Map<Outcome, number>();
    let states = 0;
    for (let from = 0; from < rounds.length; from += CHUNK) {
      let time = start + 10;
      const planned = rounds.slice(from, from + CHUNK).flatMap((round, index) => {
        const { blocks, end } = plan(round, index, time);
        time = end + 1;
        return blocks;
      });
      const answered = await client.simulateBlocks({
        blocks: planned.map(({ time: at, numbers, calls }, index) => {
          const revnet = world.revnets[rounds[from + Math.floor(index / 4)]?.revnet ?? -1];
          if (!revnet) throw new Error("a revnet for every block");
          return { blockOverrides: { time: BigInt(at) }, stateOverrides: world.stateOf(revnet.projectId, numbers), calls: calls.map((call) => ({ ...call, from: world.holder })) };
        }),
      });
      planned.forEach(({ check }, index) => {
        const outcome = check(answered[index]?.calls ?? []);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      });
      states += planned.length / 2;
    }
    expect(states).toBeGreaterThanOrEqual(2_000);
    for (const outcome of ["loans", "loans that the store can't pay", "repayments", "reallocations"] as const) expect(outcomes.get(outcome), outcome).toBeGreaterThan(100);
    process.stdout.write(`${states} random states of revnets with taxes ${[...new Set(TAXES)].join(", ")}, no difference in ${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join("; ")}\n`);
  }, 120_000);
});
