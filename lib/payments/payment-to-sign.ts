import "server-only";
import { sql } from "@/db/client";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { RewardPart } from "./rules";

/** A payment as its payer sees it and as the browser makes its calls of it. */
export type PaymentToSign = {
  transactionId: string;
  chainId: ChainId;
  account: Address;
  projectId: number;
  amountUsdMicros: bigint;
  minReturnedUnits: bigint;
};

/** A pending payment of the person's own, from an account where the person alone signs; null for any other. */
export async function paymentToSign({ userId }: { userId: string }, transactionId: string): Promise<PaymentToSign | null> {
  if (!isId(transactionId)) return null;
  const [row] = await sql<{ chain_id: ChainId; address: Address; project_id: number; amount_usd: string; rewards_earned: RewardPart | null }[]>`
    SELECT t.chain_id, a.address, d.project_id, t.amount_usd::text, t.rewards_earned
    FROM transactions t
    JOIN smart_accounts a ON a.user_id = t.from_user_id AND a.chain_id = t.chain_id AND a.custody_status = 'self_custody'
    JOIN store_deployments d ON d.store_id = t.store_id AND d.chain_id = t.chain_id AND d.project_id IS NOT NULL
    WHERE t.id = ${transactionId} AND t.from_user_id = ${userId} AND t.type = 'payment' AND t.status = 'pending'`;
  if (!row) return null;
  return {
    transactionId,
    chainId: row.chain_id,
    account: row.address,
    projectId: row.project_id,
    amountUsdMicros: usdMicrosFromDecimal(row.amount_usd),
    minReturnedUnits: BigInt(row.rewards_earned?.amount ?? 0),
  };
}
