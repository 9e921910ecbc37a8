import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import { USDC, type Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { payCalls, paymentMemo } from "@/lib/chain/pay";
import { DomainError, invariant } from "@/lib/errors";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { TokenPart } from "@/lib/payments/rules";

type Row = { status: string; amount_usd: string; tokens_used: TokenPart[]; sender: Address; project_id: number | null; starts_at: Date | null };

/**
 * The calls that pay a Pix that was converted into the store's revnet, rebuilt from its row: exactly what arrived, from the store's own account, with the
 * payment's memo. The reward comes to the store's account too and waits there for its customer. Fails with not_found, store_not_ready.
 */
export async function tillDepositCalls(operation: { id: string; chainId: ChainId; sender: string; subjectId: string }): Promise<{ calls: Call[]; startsAt: Date | null }> {
  const [row] = await sql<Row[]>`
    SELECT t.status, t.amount_usd::text, t.tokens_used, a.address AS sender, d.project_id, s.starts_at
    FROM till_pix p
    JOIN transactions t ON t.id = p.transaction_id AND t.store_id = p.store_id AND t.chain_id = p.chain_id AND t.type = 'payment' AND t.origin = 'pix' AND t.charge_id = p.charge_id
    JOIN stores s ON s.id = p.store_id
    JOIN store_accounts a ON a.store_id = p.store_id AND a.chain_id = p.chain_id
    LEFT JOIN store_deployments d ON d.store_id = p.store_id AND d.chain_id = p.chain_id AND d.status = 'deployed'
    WHERE t.id = ${operation.subjectId} AND t.id = ${operation.id} AND p.chain_id = ${operation.chainId}::chain_id AND p.status = 'converting' AND p.arrived_usd = t.amount_usd`;
  if (!row) throw new DomainError("not_found");
  invariant(row.status === "pending", "only a pending payment is signed");
  invariant(row.sender === operation.sender, "the store's own account pays its Pix in");
  if (!row.project_id) throw new DomainError("store_not_ready");
  const amountUsdMicros = usdMicrosFromDecimal(row.amount_usd);
  const [part] = row.tokens_used;
  invariant(row.tokens_used.length === 1 && part?.token_address === USDC[operation.chainId] && BigInt(part.amount) === amountUsdMicros, "the payment is in dollars, to the micro-dollar");
  const calls = payCalls({ chainId: operation.chainId, projectId: row.project_id, amountUsdMicros, beneficiary: row.sender, memo: paymentMemo(operation.subjectId), minReturnedUnits: 0n });
  return { calls, startsAt: row.starts_at };
}
