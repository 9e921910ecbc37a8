import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { transferTokensCall } from "@/lib/chain/wallet-calls";
import { DomainError, invariant } from "@/lib/errors";
import type { RewardPart, TokenPart } from "@/lib/payments/rules";

type Row = { status: string; sale: string; tokens_used: TokenPart[]; reward: RewardPart; sender: Address; payee: Address; token_address: Address };

/**
 * The one call that hands a waiting reward to its customer, rebuilt from its row: exactly the reward of that sale, to the account of whoever claimed it.
 * Fails with not_found.
 */
export async function tillRewardCalls(operation: { id: string; chainId: ChainId; sender: string; subjectId: string }): Promise<{ calls: Call[]; startsAt: null }> {
  const [row] = await sql<Row[]>`
    SELECT r.status, t.status AS sale, r.tokens_used, t.rewards_earned AS reward, a.address AS sender, s.address AS payee, d.token_address
    FROM till_pix p
    JOIN transactions r ON r.id = p.reward_transaction_id AND r.to_user_id = p.claimed_by AND r.store_id = p.store_id AND r.chain_id = p.chain_id AND r.purpose = 'till_reward'
    JOIN transactions t ON t.id = p.transaction_id
    JOIN store_accounts a ON a.store_id = p.store_id AND a.chain_id = p.chain_id
    JOIN smart_accounts s ON s.user_id = p.claimed_by AND s.chain_id = p.chain_id
    JOIN store_deployments d ON d.store_id = p.store_id AND d.chain_id = p.chain_id AND d.status = 'deployed'
    WHERE r.id = ${operation.subjectId} AND r.id = ${operation.id} AND p.chain_id = ${operation.chainId}::chain_id`;
  if (!row) throw new DomainError("not_found");
  invariant(row.status === "pending", "only a pending reward is signed");
  invariant(row.sender === operation.sender && row.payee !== row.sender, "the store's own account hands its reward over");
  // A reorg took the sale back: the reward goes out when it stands again.
  if (row.sale !== "confirmed") throw new DomainError("not_found");
  const [part] = row.tokens_used;
  invariant(row.tokens_used.length === 1 && part?.token_address === row.token_address && part.amount === row.reward.amount && BigInt(part.amount) > 0n, "the transfer is the sale's reward, to the unit");
  return { calls: [transferTokensCall(row.token_address, row.payee, BigInt(part.amount))], startsAt: null };
}
