import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import { prepaidFeePercentOf } from "@/lib/chain/loan-math";
import { borrowCalls, reallocateCalls, repayCalls } from "@/lib/chain/loans";
import { cashOutCall } from "@/lib/chain/revnet";
import { invariant } from "@/lib/errors";
import type { ClaimTerms } from "./rules";

/** What a claim's calls need of its terms. */
export type CallTerms = Pick<ClaimTerms, "way" | "chainId" | "projectId" | "units" | "boundUsdMicros" | "prepaidFeeBps" | "loan">;

/** The calls of a claim or a repayment by an account. The worker makes them from the row, the person's own browser from what it shows: they must be equal. */
export function claimCalls(terms: CallTerms, account: Address): Call[] {
  const { way, chainId, projectId, units, boundUsdMicros, loan } = terms;
  if (way === "cash_out") return [cashOutCall({ chainId, projectId, holder: account, units, beneficiary: account, minUsdMicros: boundUsdMicros })];
  const lend = { chainId, projectId, account, units, minBorrowUsdMicros: boundUsdMicros };
  if (way === "advance") return borrowCalls({ ...lend, prepaidFeePercent: prepaidFeePercentOf(terms.prepaidFeeBps) });
  invariant(loan, "headroom and repayments are of a loan");
  if (way === "headroom") return reallocateCalls({ ...lend, loanId: loan.number, prepaidFeePercent: prepaidFeePercentOf(terms.prepaidFeeBps) });
  return repayCalls({ chainId, account, loanId: loan.number, returnedUnits: units, maxUsdMicros: boundUsdMicros });
}
