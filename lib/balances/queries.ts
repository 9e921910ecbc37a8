import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { rewardValueUsdMicros } from "@/lib/chain/revnet";

export type Holding = {
  balanceId: string;
  chainId: ChainId;
  tokenAddress: string;
  settled: bigint;
  /** settled − reserved; never below zero on a screen. */
  available: bigint;
  syncedBlock: bigint | null;
  /** Null for dollars. */
  store: { id: string; name: string; place: string | null; qrVersion: number } | null;
  valueUsdMicros: bigint;
};

/**
 * Everything a person's accounts hold, as the follower settled it, less what pending payments reserve. Reward values are
 * computed here from the revnets' present state: they move with every sale of the store, so no row per holder keeps them.
 */
export async function holdingsOf(userId: string): Promise<Holding[]> {
  const rows = await sql<
    {
      id: string; chain_id: ChainId; token_address: string; balance: string; reserved: string; last_synced_block: string | null;
      store_id: string | null; name: string | null; address: string | null; qr_version: number | null; surplus: string | null; supply: string | null;
    }[]
  >`
    SELECT b.id, b.chain_id, b.token_address, b.balance::text, b.last_synced_block::text,
           COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0)::text AS reserved,
           s.id AS store_id, s.name, s.address, s.qr_version, v.surplus_usd_micros::text AS surplus, v.supply::text AS supply
    FROM token_balances b
    LEFT JOIN stores s ON s.id = b.store_id
    LEFT JOIN revnet_states v ON v.store_id = b.store_id AND v.chain_id = b.chain_id
    WHERE b.user_id = ${userId}
    ORDER BY b.created_at, b.id`;
  return rows.map((row) => {
    const settled = BigInt(row.balance);
    const free = settled - BigInt(row.reserved);
    const available = free > 0n ? free : 0n;
    const store = row.store_id ? { id: row.store_id, name: row.name ?? "", place: row.address, qrVersion: row.qr_version ?? 1 } : null;
    return {
      balanceId: row.id,
      chainId: row.chain_id,
      tokenAddress: row.token_address,
      settled,
      available,
      syncedBlock: row.last_synced_block === null ? null : BigInt(row.last_synced_block),
      store,
      valueUsdMicros: store ? rewardValueUsdMicros({ units: available, surplusUsdMicros: BigInt(row.surplus ?? 0), supplyUnits: BigInt(row.supply ?? 0) }) : available,
    };
  });
}

export type Balance = {
  totalUsdMicros: bigint;
  dollarsUsdMicros: bigint;
  /** By store over all chains, largest first; stores under one cent are summed as `otherUsdMicros`. */
  rewards: { store: NonNullable<Holding["store"]>; units: bigint; valueUsdMicros: bigint }[];
  otherUsdMicros: bigint;
  dollarsByChain: { chainId: ChainId; availableUsdMicros: bigint }[];
};

const ONE_CENT_USD_MICROS = 10_000n;

/** The one number, and what it is made of. Pure over holdings. */
export function balanceOf(holdings: Holding[]): Balance {
  const byStore = new Map<string, Balance["rewards"][number]>();
  const dollarsByChain: Balance["dollarsByChain"] = [];
  for (const holding of holdings) {
    if (!holding.store) {
      dollarsByChain.push({ chainId: holding.chainId, availableUsdMicros: holding.available });
      continue;
    }
    const sum = byStore.get(holding.store.id) ?? { store: holding.store, units: 0n, valueUsdMicros: 0n };
    byStore.set(holding.store.id, { ...sum, units: sum.units + holding.available, valueUsdMicros: sum.valueUsdMicros + holding.valueUsdMicros });
  }
  const rewards = [...byStore.values()].filter((part) => part.valueUsdMicros >= ONE_CENT_USD_MICROS).toSorted((a, b) => (b.valueUsdMicros > a.valueUsdMicros ? 1 : -1));
  const sum = (values: bigint[]) => values.reduce((total, value) => total + value, 0n);
  const dollarsUsdMicros = sum(dollarsByChain.map((part) => part.availableUsdMicros));
  const allRewards = sum([...byStore.values()].map((part) => part.valueUsdMicros));
  return { totalUsdMicros: dollarsUsdMicros + allRewards, dollarsUsdMicros, rewards, otherUsdMicros: allRewards - sum(rewards.map((part) => part.valueUsdMicros)), dollarsByChain };
}
