import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import type { LoanSnapshot } from "@/lib/chain/loans";
import type { LoanClosedReason } from "@/lib/loans/rules";
import { decimalFromUsdMicros } from "@/lib/money";
import { newId } from "@/lib/ids";
import type { SqlTx } from "@/lib/worker/lease";
import type { LoanFact, Touched } from "./facts";

const NOBODY = `0x${"00".repeat(20)}`;

/** Whose it is: a person's, or a store's own, asked for by somebody who owns it. */
type Borrower = { userId: string; storeId: string | null };
type OwnLoan = { id: string } & Borrower;

/**
 * Writes the loans of our people and stores as the chain has them, in its order: a new loan is a row; a partial repayment or a reallocation ends a row and
 * begins another that replaces it, because REVLoans burns the number and mints a new one. A loan that is given away ends here, and one that
 * somebody else took is nobody's of ours.
 */
export async function settleLoans(tx: SqlTx, chainId: ChainId, facts: readonly LoanFact[], touched: Touched) {
  if (facts.length === 0) return;
  const owners = facts.flatMap(({ event }) => (event.kind === "loanBorrowed" ? [event.owner] : []));
  const borrowers = new Map<string, Borrower>((await tx<{ address: string; user_id: string; store_id: string | null }[]>`
    SELECT address, user_id, NULL::uuid AS store_id FROM smart_accounts WHERE chain_id = ${chainId}::chain_id AND address = ANY (${owners}::text[])
    UNION ALL
    SELECT a.address, COALESCE(asked.requested_by, owner.user_id), a.store_id FROM store_accounts a
    LEFT JOIN LATERAL (
      SELECT p.requested_by FROM payouts p JOIN user_operations o ON o.id = p.operation_id
      WHERE p.store_id = a.store_id AND p.way = 'borrow' AND o.chain_id = a.chain_id AND o.tx_hash = ANY (${facts.map(({ txHash }) => txHash)}::text[]) ORDER BY p.id DESC LIMIT 1) AS asked ON TRUE
    LEFT JOIN LATERAL (SELECT m.user_id FROM store_members m WHERE m.store_id = a.store_id AND m.role = 'owner' AND m.accepted_at IS NOT NULL ORDER BY m.accepted_at LIMIT 1) AS owner ON TRUE
    WHERE a.chain_id = ${chainId}::chain_id AND a.address = ANY (${owners}::text[]) AND COALESCE(asked.requested_by, owner.user_id) IS NOT NULL`).map((row) => [row.address, { userId: row.user_id, storeId: row.store_id }]));
  const numbers = facts.flatMap(({ event }) => (event.kind === "loanBorrowed" ? [] : [event.loanId.toString()]));
  const own = new Map<string, OwnLoan>((await tx<{ id: string; user_id: string; store_id: string | null; number: string }[]>`
    SELECT id, user_id, store_id, loan_id_onchain::text AS number FROM loans WHERE chain_id = ${chainId}::chain_id AND loan_id_onchain = ANY (${numbers}::numeric[]) AND is_active
    ORDER BY id FOR NO KEY UPDATE`).map((row) => [row.number, { id: row.id, userId: row.user_id, storeId: row.store_id }]));

  for (const fact of facts) {
    const { event } = fact;
    if (event.kind === "loanBorrowed") {
      const borrower = borrowers.get(event.owner);
      if (borrower) own.set(event.loan.loanId.toString(), await begin(tx, chainId, fact, event.loan, { ...borrower, replaces: null }));
      continue;
    }
    const loan = own.get(event.loanId.toString());
    if (!loan) continue;
    touched.userIds.add(loan.userId);
    switch (event.kind) {
      case "loanRepaid":
      case "loanReallocated":
        await end(tx, loan, fact, event.kind === "loanRepaid" ? "repaid" : "reallocated");
        if (event.remaining) own.set(event.remaining.loanId.toString(), await begin(tx, chainId, fact, event.remaining, { userId: loan.userId, storeId: loan.storeId, replaces: loan.id }));
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

async function begin(tx: SqlTx, chainId: ChainId, { event: { projectId }, txHash, blockNumber, blockHash }: LoanFact, loan: LoanSnapshot, { userId, storeId, replaces }: Borrower & { replaces: string | null }): Promise<OwnLoan> {
  const id = newId();
  const usd = decimalFromUsdMicros(loan.borrowedUsdMicros);
  // REVLoans lends exactly what the collateral is worth when it lends.
  await tx`
    INSERT INTO loans (
      id, user_id, store_id, chain_id, loan_id_onchain, collateral, collateral_usd_at_origination, borrow_amount, borrow_amount_usd, prepaid_fee_percent, prepaid_duration_seconds,
      project_id, token_address, origination_tx_hash, replaces_loan_id, started_at, block_number, block_hash)
    VALUES (
      ${id}, ${userId}, ${storeId}, ${chainId}, ${loan.loanId.toString()}, ${loan.collateralUnits.toString()}, ${usd}, ${loan.borrowedUsdMicros.toString()}, ${usd},
      ${loan.prepaidFeeBps}, ${loan.prepaidSeconds}, ${projectId}, ${loan.token}, ${txHash}, ${replaces}, to_timestamp(${loan.createdAt}), ${blockNumber.toString()}, ${blockHash})
    ON CONFLICT (chain_id, loan_id_onchain) DO NOTHING`;
  return { id, userId, storeId };
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
