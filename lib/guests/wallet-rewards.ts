import "server-only";
import { sql } from "@/db/client";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";

/** Store tokens that a linked wallet may hold, and where they can go. What it holds now, the browser asks the chain. */
export type WalletToken = { chainId: ChainId; tokenAddress: Address; storeName: string; accountAddress: Address; surplusUsdMicros: bigint; supplyUnits: bigint };
export type WalletRewards = { address: Address; name: string | null; tokens: WalletToken[] };

/** The person's linked wallets with the stores that rewarded them, by the chain's payment events. */
export async function walletRewardsOf(person: { userId: string }): Promise<WalletRewards[]> {
  const rows = await sql<
    { address: Address; name: string | null; chain_id: ChainId | null; token_address: Address | null; store_name: string; account: Address | null; surplus: string | null; supply: string | null }[]
  >`
    SELECT w.address, w.name, earned.chain_id, d.token_address, s.name AS store_name, a.address AS account, v.surplus_usd_micros::text AS surplus, v.supply::text AS supply
    FROM wallets w
    LEFT JOIN LATERAL (
      SELECT DISTINCT o.chain_id, o.store_id FROM outside_payments o
      WHERE o.payer = w.address AND o.beneficiary = w.address AND o.block_number IS NOT NULL AND o.chain_id = ANY (${env().CHAIN_IDS}::chain_id[])) AS earned ON TRUE
    LEFT JOIN store_deployments d ON d.store_id = earned.store_id AND d.chain_id = earned.chain_id
    LEFT JOIN stores s ON s.id = earned.store_id
    LEFT JOIN smart_accounts a ON a.user_id = w.user_id AND a.chain_id = earned.chain_id
    LEFT JOIN revnet_states v ON v.store_id = earned.store_id AND v.chain_id = earned.chain_id
    WHERE w.user_id = ${person.userId}
    ORDER BY w.created_at, earned.chain_id, s.name`;
  const wallets = new Map<Address, WalletRewards>();
  for (const row of rows) {
    const wallet = wallets.get(row.address) ?? { address: row.address, name: row.name, tokens: [] };
    wallets.set(row.address, wallet);
    if (!row.chain_id || !row.token_address || !row.account) continue;
    wallet.tokens.push({
      chainId: row.chain_id, tokenAddress: row.token_address, storeName: row.store_name, accountAddress: row.account, surplusUsdMicros: BigInt(row.surplus ?? 0), supplyUnits: BigInt(row.supply ?? 0),
    });
  }
  return [...wallets.values()];
}
