import "server-only";
import { sql } from "@/db/client";
import type { TokenState } from "@/lib/chain/cash-out";
import { readCashOutStates } from "@/lib/chain/cash-out-states";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import type { RewardHolding } from "./choose-parts";

/** Rewards that a person can pay with, and whose they are. */
export type SpendableRewards = RewardHolding & { tokenAddress: string; projectId: number; store: { id: string; name: string; qrVersion: number } };

/** What a person can pay with on one chain, as it was last followed. */
export type Spendable = { chainId: ChainId; dollarsUsdMicros: bigint; rewards: SpendableRewards[] };

type Row = {
  chain_id: ChainId; token_address: string; available: string; store_id: string | null; name: string | null; qr_version: number | null; project_id: number | null;
  surplus: string | null; supply: string | null; tax: number | null; delayed_until: Date | null;
};

/** What is settled and not promised to a payment, by chain; rewards in the order in which they were first earned. */
export async function spendableOf(userId: string): Promise<Spendable[]> {
  const rows = await sql<Row[]>`
    SELECT b.chain_id, b.token_address, (b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0))::text AS available,
           s.id AS store_id, s.name, s.qr_version, d.project_id,
           v.surplus_usd_micros::text AS surplus, v.supply::text AS supply, v.cash_out_tax_rate AS tax,
           CASE WHEN v.cash_out_delay_until > COALESCE(c.block_time, now()) THEN v.cash_out_delay_until END AS delayed_until
    FROM token_balances b
    LEFT JOIN stores s ON s.id = b.store_id
    LEFT JOIN store_deployments d ON d.store_id = b.store_id AND d.chain_id = b.chain_id AND d.status = 'deployed'
    LEFT JOIN revnet_states v ON v.store_id = b.store_id AND v.chain_id = b.chain_id
    LEFT JOIN chain_cursors c ON c.chain_id = b.chain_id
    WHERE b.user_id = ${userId}
    ORDER BY b.created_at, b.id`;
  const byChain = new Map<ChainId, Spendable>();
  for (const row of rows) {
    const wallet = byChain.get(row.chain_id) ?? { chainId: row.chain_id, dollarsUsdMicros: 0n, rewards: [] };
    byChain.set(row.chain_id, wallet);
    const available = BigInt(row.available);
    if (row.token_address === USDC[row.chain_id]) wallet.dollarsUsdMicros = available > 0n ? available : 0n;
    if (!row.store_id || row.project_id === null || row.surplus === null || row.supply === null || available <= 0n) continue;
    wallet.rewards.push({
      storeId: row.store_id,
      availableUnits: available,
      state: { surplusUsdMicros: BigInt(row.surplus), supplyUnits: BigInt(row.supply), cashOutTaxRate: row.tax ?? 0 },
      age: wallet.rewards.length,
      delayedUntil: row.delayed_until,
      tokenAddress: row.token_address,
      projectId: row.project_id,
      store: { id: row.store_id, name: row.name ?? "", qrVersion: row.qr_version ?? 1 },
    });
  }
  return [...byChain.values()];
}

/** Longest wait for a node while somebody looks at a price. */
const PRESENT_LIMIT_MS = 800;

/**
 * What revnets are worth at the head of their chain. Null while the node is out of reach or slow: what was followed has to do then, and
 * the worker asks again before it signs.
 */
export async function presentStates(chainId: ChainId, projectIds: readonly number[]): Promise<Map<number, TokenState> | null> {
  const asked = readCashOutStates(chainId, projectIds).catch((error: unknown) => {
    if (isChainUnreachable(error)) return null;
    throw error;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PRESENT_LIMIT_MS, null);
  });
  // An answer after the wait is nobody's any more, and so is its failure.
  asked.catch(() => {});
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
