import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import { readCashOutStates } from "@/lib/chain/cash-out-states";
import type { ChainId } from "@/lib/chain/chains";
import { paymentCalls } from "@/lib/chain/pay";
import { DomainError, invariant } from "@/lib/errors";
import { assertPayableAtSigning } from "@/lib/limits/assert-at-signing";
import { usdMicrosFromDecimal } from "@/lib/money";
import { assertStillBring } from "./check-parts";
import { rebuildParts } from "./payment-parts";
import type { RewardPart, TokenPart } from "./rules";

/**
 * The calls of a payment, rebuilt from its row at the moment of signing: payee, amount, parts and limit are read again, and nothing
 * from the payer's screen is trusted. Rewards are held against the head of the chain: whose would bring less than the payer was shown
 * ends the payment before anything is sent. The least reward accepted is what the payer was promised, so a moved issuance reverts.
 * Fails with not_found, store_closed, store_not_ready, account_frozen, limit_payment, limit_day, limit_new_device, step_up_required,
 * quote_moved; throws when the node is out of reach.
 */
export async function paymentOperationCalls(operation: { id: string; chainId: ChainId; sender: string }): Promise<{ calls: Call[]; startsAt: Date | null }> {
  const [row] = await sql<
    {
      status: string; amount_usd: string; tokens_used: TokenPart[]; rewards_earned: RewardPart | null; sender: string; store_id: string; closed_at: Date | null;
      starts_at: Date | null; project_id: number | null; deployment_status: string; reserved: Record<string, string> | null;
    }[]
  >`
    SELECT t.status, t.amount_usd::text, t.tokens_used, t.rewards_earned, a.address AS sender, t.store_id, s.closed_at, s.starts_at, d.project_id, d.status AS deployment_status,
           (SELECT jsonb_object_agg(b.token_address, r.amount::text) FROM balance_reservations r JOIN token_balances b ON b.id = r.token_balance_id
            WHERE r.operation_id = t.id AND r.released_at IS NULL AND b.user_id = t.from_user_id AND b.chain_id = t.chain_id) AS reserved
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
  const { parts, shares, issuers } = await rebuildParts({
    chainId: operation.chainId, storeId: row.store_id, projectId: row.project_id, amountUsdMicros, tokensUsed: row.tokens_used, rewardsEarned: row.rewards_earned,
  });
  // Only what is reserved may leave: two payments never count on the same rewards.
  const reserved = row.reserved ?? {};
  if (row.tokens_used.some(({ token_address, amount }) => reserved[token_address] !== amount)) throw new DomainError("not_found");
  if (shares.length > 0) assertStillBring(shares, issuers, await readCashOutStates(operation.chainId, [...issuers.values()].map(({ projectId }) => projectId)));
  return { calls: paymentCalls({ transactionId: operation.id, account: row.sender as Address, ...parts }), startsAt: row.starts_at };
}
