import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import type { LoanSnapshot } from "@/lib/chain/loans";
import type { LoanClosedReason } from "@/lib/loans/rules";
import { decimalFromUsdMicros } from "@/lib/money";
import { newId } from "@/lib/ids";
import type { SqlTx } from "@/lib/worker/lease";
import type { LoanFact, Touched } from "./facts";

const NOBODY = `0x${"00".repeat(20)}`;

type OwnLoan = { id: string; userId: string };

/**
 * Writes our people's loans as the chain has them, in its order: a new loan is a row; a partial repayment or a reallocation ends a row and
 * begins another that replaces it, because REVLoans burns the number and mints a new one. A loan that is given away ends here, and one that
 * somebody else took is nobody's of ours.
 */
export async function settleLoans(tx: SqlTx, chainId: ChainId, facts: readonly LoanFact[], touched: Touched) {
  if (facts.length === 0) return;
  const owners = facts.flatMap(({ event }) => (event.kind === "loanBorrowed" ? [event.owner] : []));
  const people = new Map((await tx<{ address: string; user_id: string }[]>`
    SELECT address, user_id FROM smart_accounts WHERE chain_id = ${chainId}::chain_id AND address = ANY (${owners}::text[])`).map((row) => [row.address, row.user_id]));
  const numbers = facts.flatMap(({ event }) => (event.kind === "loanBorrowed" ? [] : [event.loanId.toString()]));
  const own = new Map<string, OwnLoan>((await tx<{ id: string; user_id: string; number: string }[]>`
    SELECT id, user_id, loan_id_onchain::text AS number FROM loans WHERE chain_id = ${chainId}::chain_id AND loan_id_onchain = ANY (${numbers}::numeric[]) AND is_active
    ORDER BY id FOR NO KEY UPDATE`).map((row) => [row.number, { id: row.id, userId: row.user_id }]));

  for (const fact of facts) {
    const { event } = fact;
    if (event.kind === "loanBorrowed") {
      const userId = people.get(event.owner);
      if (userId) own.set(event.loan.loanId.toString(), await begin(tx, chainId, fact, event.loan, { userId, replaces: null }));
      continue;
    }
    const loan = own.get(event.loanId.toString());
    if (!loan) continue;
    touched.userIds.add(loan.userId);
    switch (event.kind) {
      case "loanRepaid":
      case "loanReallocated":
        await end(tx, loan, fact, event.kind === "loanRepaid" ? "repaid" : "reallocated");
        if (event.remaining) own.set(event.remaining.loanId.toString(), await begin(tx, chainId, fact, event.remaining, { userId: loan.userId, replaces: loan.id }));
        break;
      case "loanLiquidated":
        await end(tx, loan, fact, "liquidated");
        break;
      case "loanMoved":
        // Opening and closing move it from and to nobody; those have their own events.
        if (event.from !== NOBODY && event.to !== NOBODY) await end(tx, loan, fact, "moved");
        break;
    }
  }
  for (const { userId } of own.values()) touched.userIds.add(userId);
}

async function begin(tx: SqlTx, chainId: ChainId, { event: { projectId }, txHash, blockNumber, blockHash }: LoanFact, loan: LoanSnapshot, { userId, replaces }: { userId: string; replaces: string | null }): Promise<OwnLoan> {
  const id = newId();
  const usd = decimalFromUsdMicros(loan.borrowedUsdMicros);
  // REVLoans lends exactly what the collateral is worth when it lends.
  await tx`
    INSERT INTO loans (
      id, user_id, chain_id, loan_id_onchain, collateral, collateral_usd_at_origination, borrow_amount, borrow_amount_usd, prepaid_fee_percent, prepaid_duration_seconds,
      project_id, token_address, origination_tx_hash, replaces_loan_id, started_at, block_number, block_hash)
    VALUES (
      ${id}, ${userId}, ${chainId}, ${loan.loanId.toString()}, ${loan.collateralUnits.toString()}, ${usd}, ${loan.borrowedUsdMicros.toString()}, ${usd},
      ${loan.prepaidFeeBps}, ${loan.prepaidSeconds}, ${projectId}, ${loan.token}, ${txHash}, ${replaces}, to_timestamp(${loan.createdAt}), ${blockNumber.toString()}, ${blockHash})
    ON CONFLICT (chain_id, loan_id_onchain) DO NOTHING`;
  return { id, userId };
}

const end = (tx: SqlTx, { id }: OwnLoan, { txHash, blockNumber, minedAt }: LoanFact, reason: LoanClosedReason) => tx`
  UPDATE loans SET is_active = FALSE, closed_reason = ${reason}, closed_block_number = ${blockNumber.toString()}::bigint, repayment_tx_hash = ${txHash},
    repaid_at = ${reason === "repaid" || reason === "reallocated" ? minedAt : null}
  WHERE id = ${id}`;

/** What blocks above this one did to loans never happened: rows that began there go, rows that ended there are open again. */
export async function reopenLoans(tx: SqlTx, chainId: ChainId, above: string, touched: Touched) {
  const rows = await tx<{ user_id: string }[]>`
    WITH gone AS (DELETE FROM loans WHERE chain_id = ${chainId}::chain_id AND block_number > ${above}::bigint RETURNING user_id),
    open AS (
      UPDATE loans SET is_active = TRUE, closed_reason = NULL, closed_block_number = NULL, repayment_tx_hash = NULL, repaid_at = NULL
      WHERE chain_id = ${chainId}::chain_id AND closed_block_number > ${above}::bigint AND block_number <= ${above}::bigint RETURNING user_id)
    SELECT user_id FROM gone UNION SELECT user_id FROM open`;
  for (const row of rows) touched.userIds.add(row.user_id);
}
