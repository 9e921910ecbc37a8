import "server-only";
import { sql } from "@/db/client";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import type { PaymentParts } from "@/lib/chain/pay";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import { rebuildParts, storeAccountOf } from "./payment-parts";
import { issuersOf } from "./check-parts";
import type { Quote } from "./quote";
import type { RewardPart, TokenPart } from "./rules";

/** A payment as its payer sees it and as the browser makes its calls of it. */
export type PaymentToSign = PaymentParts & { transactionId: string; account: Address };

/** A pending payment of the person's own, from an account where the person alone signs; null for any other. */
export async function paymentToSign({ userId }: { userId: string }, transactionId: string): Promise<PaymentToSign | null> {
  if (!isId(transactionId)) return null;
  const [row] = await sql<{ chain_id: ChainId; address: Address; store_id: string; project_id: number; amount_usd: string; tokens_used: TokenPart[]; rewards_earned: RewardPart | null }[]>`
    SELECT t.chain_id, a.address, t.store_id, d.project_id, t.amount_usd::text, t.tokens_used, t.rewards_earned
    FROM transactions t
    JOIN smart_accounts a ON a.user_id = t.from_user_id AND a.chain_id = t.chain_id AND a.custody_status = 'self_custody'
    JOIN store_deployments d ON d.store_id = t.store_id AND d.chain_id = t.chain_id AND d.project_id IS NOT NULL
    WHERE t.id = ${transactionId} AND t.from_user_id = ${userId} AND t.type = 'payment' AND t.status = 'pending'`;
  if (!row) return null;
  const { parts } = await rebuildParts({
    chainId: row.chain_id, storeId: row.store_id, projectId: row.project_id, amountUsdMicros: usdMicrosFromDecimal(row.amount_usd), tokensUsed: row.tokens_used, rewardsEarned: row.rewards_earned,
  });
  return { transactionId, account: row.address, ...parts };
}

/** What a quote will be on its chain, for a payer whose browser signs it. Null for a store that is no longer there. */
export async function partsToSign(quote: Quote, store: { deployments: readonly { chainId: ChainId; projectId: number }[] }): Promise<PaymentParts | null> {
  const { chainId, parts } = quote;
  const deployment = store.deployments.find((one) => one.chainId === chainId);
  if (!deployment) return null;
  const rewards = parts.flatMap((part) => (part.kind === "dollars" ? [] : [part]));
  const issuers = await issuersOf(chainId, rewards.map((part) => part.storeId));
  const own = rewards.find(({ kind }) => kind === "own");
  const token = own && issuers.get(own.storeId)?.tokenAddress;
  return {
    chainId,
    projectId: deployment.projectId,
    own: own && token ? { token: token as Address, storeAccount: await storeAccountOf(chainId, own.storeId), units: own.units } : null,
    cashOuts: rewards.flatMap(({ kind, storeId, units, amountUsdMicros: minUsdMicros }) => {
      const issuer = kind === "other" ? issuers.get(storeId) : undefined;
      return issuer ? [{ projectId: issuer.projectId, units, minUsdMicros }] : [];
    }),
    dollarsUsdMicros: parts.find((part) => part.kind === "dollars")?.amountUsdMicros ?? 0n,
    minReturnedUnits: quote.rewardUnits,
  };
}
