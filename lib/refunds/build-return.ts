import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { transferTokensCall } from "@/lib/chain/wallet-calls";
import { DomainError, invariant } from "@/lib/errors";

/**
 * The one call that brings a refunded sale's rewards back to the store, from its row: exactly what is reserved of the payer's balance, to the store's own
 * account. An account that is frozen or the person's own by now keeps them; the refund goes on without.
 * Fails with not_found, account_frozen, custody_not_managed.
 */
export async function rewardReturnCalls(operation: { id: string; chainId: ChainId; sender: string; subjectId: string }): Promise<{ calls: Call[]; startsAt: null }> {
  const [row] = await sql<{ units: string; reserved: string | null; sender: string; frozen_at: Date | null; custody: string; token: Address; store_account: Address; earned: string; claimed: string }[]>`
    SELECT r.returned_units::text AS units, a.address AS sender, u.frozen_at, a.custody_status AS custody, d.token_address AS token, s.address AS store_account,
           COALESCE(t.rewards_earned->>'amount', '0') AS earned,
           (SELECT sum(f.reward_units)::text FROM refunds f WHERE f.original_transaction_id = t.id AND f.status <> 'failed') AS claimed,
           (SELECT v.amount::text FROM balance_reservations v JOIN token_balances b ON b.id = v.token_balance_id
            WHERE v.operation_id = r.return_operation_id AND v.released_at IS NULL AND b.user_id = u.id AND b.token_address = d.token_address) AS reserved
    FROM refunds r
    JOIN transactions t ON t.id = r.original_transaction_id AND t.type = 'payment' AND t.status = 'confirmed' AND t.store_id = r.store_id AND t.chain_id = ${operation.chainId}::chain_id
    JOIN users u ON u.id = t.from_user_id
    JOIN smart_accounts a ON a.user_id = u.id AND a.chain_id = t.chain_id
    JOIN store_accounts s ON s.store_id = r.store_id AND s.chain_id = t.chain_id
    JOIN store_deployments d ON d.store_id = r.store_id AND d.chain_id = t.chain_id AND d.status = 'deployed'
    WHERE r.id = ${operation.subjectId} AND r.return_operation_id = ${operation.id} AND r.status = 'requested'`;
  if (!row || row.reserved !== row.units || BigInt(row.claimed) > BigInt(row.earned)) throw new DomainError("not_found");
  invariant(row.sender === operation.sender, "the payer's own account gives rewards back");
  if (row.frozen_at) throw new DomainError("account_frozen");
  if (row.custody !== "managed") throw new DomainError("custody_not_managed");
  return { calls: [transferTokensCall(row.token, row.store_account, BigInt(row.units))], startsAt: null };
}
