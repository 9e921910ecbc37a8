import { encodeFunctionData, parseEventLogs, type Address, type Hex, type Log } from "viem";
import { erc20Abi, permissionsAbi, revLoansAbi } from "./abis";
import type { Call } from "./account";
import { JUICEBOX, USDC } from "./addresses";
import type { ChainId } from "./chains";
import { prepaidFeeBpsOf, type Loan } from "./loan-math";

/** JBPermissionIds.BURN_TOKENS: collateral is burned, and minted again when the loan is repaid. */
const BURN_TOKENS = 10;
/** REVLoans numbers a revnet's loans within a trillion of its own (_generateLoanId). */
const LOANS_PER_REVNET = 1_000_000_000_000n;
/** Repayments use the token's own allowance, not Permit2's. */
const NO_PERMIT = { sigDeadline: 0n, amount: 0n, expiration: 0, nonce: 0, signature: "0x" as Hex };

const sourceOf = (chainId: ChainId) => ({ token: USDC[chainId], terminal: JUICEBOX.multiTerminal });

/** The revnet that a loan is of, from the loan's number. */
export const projectIdOfLoan = (loanId: bigint): number => Number(loanId / LOANS_PER_REVNET);

/** Lets REVLoans burn an account's tokens of one store, and of no other; an empty list takes it back. */
const permitBurning = (account: Address, projectId: number, permissionIds: number[]): Call => ({
  to: JUICEBOX.permissions,
  data: encodeFunctionData({ abi: permissionsAbi, functionName: "setPermissionsFor", args: [account, { operator: JUICEBOX.revLoans, projectId: BigInt(projectId), permissionIds }] }),
});

/** Calls between the permission to burn and its removal: all land or none, so the permission never outlives the operation. */
export const withBurnPermission = (account: Address, projectId: number, calls: readonly Call[]): Call[] => [permitBurning(account, projectId, [BURN_TOKENS]), ...calls, permitBurning(account, projectId, [])];

export type BorrowInput = {
  chainId: ChainId;
  projectId: number;
  /** Gives the tokens, gets the dollars and owns the loan: the account that makes the calls. */
  account: Address;
  units: bigint;
  /** The least loan, before fees (REVLoans compares the gross amount); less reverts. */
  minBorrowUsdMicros: bigint;
  prepaidFeePercent: number;
};

/** The three calls of a new loan: permission to burn, loan, permission back. */
export const borrowCalls = ({ chainId, projectId, account, units, minBorrowUsdMicros, prepaidFeePercent }: BorrowInput): Call[] =>
  withBurnPermission(account, projectId, [
    {
      to: JUICEBOX.revLoans,
      data: encodeFunctionData({ abi: revLoansAbi, functionName: "borrowFrom", args: [BigInt(projectId), sourceOf(chainId), minBorrowUsdMicros, units, account, BigInt(prepaidFeePercent)] }),
    },
  ]);

export type ReallocateInput = BorrowInput & {
  loanId: bigint;
  /** Held tokens that join the freed ones in the new loan. */
  addedUnits?: bigint;
};

/**
 * The three calls that make a second loan out of collateral (`units`) which a loan no longer needs. Both end up under new
 * numbers. Reverts when the rest of the collateral would not carry the first loan.
 */
export const reallocateCalls = ({ chainId, projectId, account, loanId, units, addedUnits = 0n, minBorrowUsdMicros, prepaidFeePercent }: ReallocateInput): Call[] =>
  withBurnPermission(account, projectId, [
    {
      to: JUICEBOX.revLoans,
      data: encodeFunctionData({
        abi: revLoansAbi,
        functionName: "reallocateCollateralFromLoan",
        args: [loanId, units, sourceOf(chainId), minBorrowUsdMicros, addedUnits, account, BigInt(prepaidFeePercent)],
      }),
    },
  ]);

export type RepayInput = {
  chainId: ChainId;
  account: Address;
  loanId: bigint;
  /** Collateral to get back; all of it closes the loan. */
  returnedUnits: bigint;
  /** REVLoans takes this and gives back what it did not need; less than needed reverts. */
  maxUsdMicros: bigint;
};

/** The two calls of a repayment: allow exactly the most it may cost, and repay. REVLoans takes all of it first, so no allowance is left. */
export function repayCalls({ chainId, account, loanId, returnedUnits, maxUsdMicros }: RepayInput): Call[] {
  const approve: Call = { to: USDC[chainId], data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [JUICEBOX.revLoans, maxUsdMicros] }) };
  const repay: Call = {
    to: JUICEBOX.revLoans,
    data: encodeFunctionData({ abi: revLoansAbi, functionName: "repayLoan", args: [loanId, maxUsdMicros, returnedUnits, account, NO_PERMIT] }),
  };
  return [approve, repay];
}

/** A loan as an event shows it. */
export type LoanSnapshot = Loan & { loanId: bigint; prepaidFeeBps: number; token: Address };

export type LoanEvent = { transactionHash: Hex; logIndex: number; projectId: number } & (
  | { kind: "loanBorrowed"; owner: Address; loan: LoanSnapshot }
  /** Part or all was repaid. `remaining` is the loan that goes on under a new number; null when nothing is left. */
  | { kind: "loanRepaid"; loanId: bigint; repaidUsdMicros: bigint; sourceFeeUsdMicros: bigint; returnedUnits: bigint; owner: Address; remaining: LoanSnapshot | null }
  /** The loan goes on with less collateral under a new number; the loan made of the rest has its own event. */
  | { kind: "loanReallocated"; loanId: bigint; owner: Address; remaining: LoanSnapshot }
  /** Ten years passed: the collateral is gone and nothing is owed. */
  | { kind: "loanLiquidated"; loanId: bigint }
  /** The loan's owner changed hands. Opening and closing a loan move it too, from and to nobody. */
  | { kind: "loanMoved"; loanId: bigint; from: Address; to: Address }
);

type EventLoan = { amount: bigint; collateral: bigint; createdAt: number; prepaidFeePercent: number; prepaidDuration: number; source: { token: Address } };

const snapshot = (loanId: bigint, { amount, collateral, createdAt, prepaidFeePercent, prepaidDuration, source }: EventLoan): LoanSnapshot => ({
  loanId,
  borrowedUsdMicros: amount,
  collateralUnits: collateral,
  createdAt,
  prepaidFeePercent,
  prepaidFeeBps: prepaidFeeBpsOf(prepaidFeePercent),
  prepaidSeconds: prepaidDuration,
  token: source.token.toLowerCase() as Address,
});

const lower = (address: Address) => address.toLowerCase() as Address;

/** The loan events of REVLoans among logs, in order; the same topics from any other address are forgeries and are left out. */
export function parseLoanEvents(logs: readonly Log[]): LoanEvent[] {
  const own = logs.filter((log) => log.address.toLowerCase() === JUICEBOX.revLoans);
  return parseEventLogs({ abi: revLoansAbi, logs: own }).map((event): LoanEvent => {
    const place = { transactionHash: event.transactionHash, logIndex: event.logIndex };
    switch (event.eventName) {
      case "Borrow": {
        const { loanId, revnetId, loan, caller } = event.args;
        return { kind: "loanBorrowed", ...place, projectId: Number(revnetId), owner: lower(caller), loan: snapshot(loanId, loan) };
      }
      case "RepayLoan": {
        const { loanId, revnetId, paidOffLoanId, paidOffLoan, repayBorrowAmount, sourceFeeAmount, collateralCountToReturn, caller } = event.args;
        return {
          kind: "loanRepaid",
          ...place,
          projectId: Number(revnetId),
          loanId,
          // The event's amount has the fee in it.
          repaidUsdMicros: repayBorrowAmount - sourceFeeAmount,
          sourceFeeUsdMicros: sourceFeeAmount,
          returnedUnits: collateralCountToReturn,
          owner: lower(caller),
          remaining: paidOffLoanId === loanId ? null : snapshot(paidOffLoanId, paidOffLoan),
        };
      }
      case "ReallocateCollateral": {
        const { loanId, revnetId, reallocatedLoanId, reallocatedLoan, caller } = event.args;
        return { kind: "loanReallocated", ...place, projectId: Number(revnetId), loanId, owner: lower(caller), remaining: snapshot(reallocatedLoanId, reallocatedLoan) };
      }
      case "Liquidate":
        return { kind: "loanLiquidated", ...place, projectId: Number(event.args.revnetId), loanId: event.args.loanId };
      case "Transfer": {
        const { from, to, tokenId } = event.args;
        return { kind: "loanMoved", ...place, projectId: projectIdOfLoan(tokenId), loanId: tokenId, from: lower(from), to: lower(to) };
      }
    }
  });
}
