import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { cashOutCall, distributeReservedCalls } from "@/lib/chain/revnet";
import { readStoreTokens } from "@/lib/chain/revnet-state";
import { DomainError, invariant } from "@/lib/errors";
import { usdMicrosFromDecimal } from "@/lib/money";

/**
 * The calls of a refund, rebuilt from its row: the store's account cashes out exactly its own share of that payment, straight to the payer
 * that the event named. The share is distributed first where it still waits; should somebody else distribute in between, the batch reverts
 * as a whole and is built anew.
 * Fails with refund_not_possible, refund_not_funded; throws when the node is out of reach.
 */
export async function guestRefundCalls(operation: { id: string; chainId: ChainId; sender: string; subjectId: string }): Promise<{ calls: Call[]; startsAt: null }> {
  const [row] = await sql<
    { payer: Address; store_units: string; refund_usd: string | null; project_id: number | null; token_address: Address | null; sender: Address }[]
  >`
    SELECT p.payer, p.store_units::text, p.refund_usd::text, d.project_id, d.token_address, a.address AS sender
    FROM outside_payments p
    JOIN store_deployments d ON d.store_id = p.store_id AND d.chain_id = p.chain_id AND d.status = 'deployed'
    JOIN store_accounts a ON a.store_id = p.store_id AND a.chain_id = p.chain_id
    WHERE p.id = ${operation.subjectId} AND p.chain_id = ${operation.chainId}::chain_id AND p.refund_operation_id = ${operation.id}
      AND p.refund_status = 'requested' AND p.outcome <> 'paid' AND p.block_number IS NOT NULL`;
  if (!row?.project_id || !row.token_address || row.refund_usd === null) throw new DomainError("refund_not_possible");
  invariant(row.sender === operation.sender, "the store's own account refunds");
  const units = BigInt(row.store_units);
  const { heldUnits, pendingUnits } = await readStoreTokens(operation.chainId, { projectId: row.project_id, tokenAddress: row.token_address, holder: row.sender });
  if (heldUnits + pendingUnits < units) throw new DomainError("refund_not_funded");
  const cashOut = cashOutCall({
    chainId: operation.chainId, projectId: row.project_id, holder: row.sender, units, beneficiary: row.payer, minUsdMicros: usdMicrosFromDecimal(row.refund_usd),
  });
  return { calls: [...(heldUnits < units ? distributeReservedCalls(row.project_id) : []), cashOut], startsAt: null };
}
