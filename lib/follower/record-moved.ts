import "server-only";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { decimalFromUsdMicros } from "@/lib/money";
import type { OperationKind } from "@/lib/operations/rules";
import type { SqlTx } from "@/lib/worker/lease";
import type { OperationFact, RangeFacts } from "./facts";
import type { SettledOperation } from "./settle-operations";

/** Operations whose exact amount only the chain knows; their rows begin with what the screen promised. */
const SETTLED_BY_CHAIN: readonly OperationKind[] = ["cash_out", "loan_claim", "loan_reallocation", "loan_repayment"];

/**
 * Writes what a bonus brought or a repayment cost: the dollars that came to the account and left it between the event of the operation before it in
 * its bundle and its own. What the screen promised stays in the row's terms.
 */
export async function recordMoved(tx: SqlTx, chainId: ChainId, settled: readonly SettledOperation[], { operations, transfers }: Pick<RangeFacts, "operations" | "transfers">) {
  const bonus = settled.filter(({ kind, fact }) => fact.success && SETTLED_BY_CHAIN.includes(kind));
  if (bonus.length === 0) return;
  const amounts = bonus.map(({ fact }) => {
    const moved = transfers.filter((transfer) => transfer.token === USDC[chainId] && isWithin(transfer, fact, operations));
    const net = moved.reduce((sum, { from, to, amountUnits }) => sum + (to === fact.sender ? amountUnits : 0n) - (from === fact.sender ? amountUnits : 0n), 0n);
    return net < 0n ? -net : net;
  });
  await tx`
    UPDATE transactions t SET amount_usd = moved.amount, amount_brl_centavos = CASE WHEN t.amount_brl_centavos IS NULL THEN NULL ELSE round(moved.amount * t.brl_per_usd * 100) END
    FROM unnest(${bonus.map(({ subjectId }) => subjectId)}::uuid[], ${amounts.map(decimalFromUsdMicros)}::numeric[]) AS moved (id, amount)
    WHERE t.id = moved.id AND t.chain_id = ${chainId}::chain_id`;
}

/** An operation's logs stand between the entry point's event of the one before it in the bundle and its own. */
export function isWithin({ txHash, logIndex }: { txHash: string; logIndex: number }, fact: OperationFact, operations: readonly OperationFact[]): boolean {
  if (txHash !== fact.txHash || logIndex >= fact.logIndex) return false;
  const before = operations.filter((other) => other.txHash === txHash && other.logIndex < fact.logIndex).map((other) => other.logIndex);
  return logIndex > Math.max(-1, ...before);
}

/** The dollars that left an operation's own account within it, micro-dollars, wherever they went. */
export const dollarsOut = (chainId: ChainId, fact: OperationFact, { operations, transfers }: Pick<RangeFacts, "operations" | "transfers">): bigint =>
  transfers.reduce((sum, transfer) => (transfer.token === USDC[chainId] && transfer.from === fact.sender && transfer.to !== fact.sender && isWithin(transfer, fact, operations) ? sum + transfer.amountUnits : sum), 0n);
