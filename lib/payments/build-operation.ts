import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { payCalls, paymentMemo } from "@/lib/chain/pay";
import { DomainError, invariant } from "@/lib/errors";
import { assertPayableAtSigning } from "@/lib/limits/assert-at-signing";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { RewardPart } from "./rules";

/**
 * The calls of a payment, rebuilt from its row at the moment of signing: payee, amount and limit are read again, and nothing
 * from the payer's screen is trusted. The least reward accepted is what the payer was promised, so a moved issuance reverts.
 * Fails with not_found, store_closed, store_not_ready, account_frozen, limit_payment, limit_day, limit_new_device, step_up_required.
 */
export async function paymentOperationCalls(operation: { id: string; chainId: ChainId; sender: string }): Promise<{ calls: Call[]; startsAt: Date | null }> {
  const [row] = await sql<
    {
      status: string; amount_usd: string; rewards_earned: RewardPart | null; sender: string; closed_at: Date | null;
      starts_at: Date | null; project_id: number | null; deployment_status: string;
    }[]
  >`
    SELECT t.status, t.amount_usd::text, t.rewards_earned, a.address AS sender, s.closed_at, s.starts_at, d.project_id, d.status AS deployment_status
    FROM transactions t
    JOIN smart_accounts a ON a.user_id = t.from_user_id AND a.chain_id = t.chain_id
    JOIN stores s ON s.id = t.store_id
    JOIN store_deployments d ON d.store_id = t.store_id AND d.chain_id = t.chain_id
    WHERE t.id = ${operation.id} AND t.type = 'payment' AND t.chain_id = ${operation.chainId}::chain_id`;
  if (!row) throw new DomainError("not_found");
  invariant(row.status === "pending", "only a pending payment is signed");
  invariant(row.sender === operation.sender, "the operation's sender is the payer's account");
  if (row.closed_at) throw new DomainError("store_closed");
  if (row.project_id === null || row.deployment_status !== "deployed") throw new DomainError("store_not_ready");
  const amountUsdMicros = usdMicrosFromDecimal(row.amount_usd);
  await assertPayableAtSigning(operation.id, amountUsdMicros);
  const calls = payCalls({
    chainId: operation.chainId,
    projectId: row.project_id,
    amountUsdMicros,
    beneficiary: row.sender as Address,
    memo: paymentMemo(operation.id),
    minReturnedUnits: BigInt(row.rewards_earned?.amount ?? 0),
  });
  return { calls, startsAt: row.starts_at };
}
