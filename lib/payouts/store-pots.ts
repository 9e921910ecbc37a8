import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import { readRevnetState } from "@/lib/chain/revnet-state";
import { env } from "@/lib/env";
import type { StorePot } from "./plan-funding";

type Row = {
  chain_id: ChainId; project_id: number; token_address: string; units: string; usd_micros: string;
  surplus: string | null; supply: string | null; borrowed: string | null; collateral: string | null; delay_until: Date | null; block_time: Date | null;
};

const atLeastZero = (value: string): bigint => (BigInt(value) > 0n ? BigInt(value) : 0n);

/**
 * What a store could pay out on each chain where its revnet stands, in the order of the chains in use. The revnet is read from the chain, and as it was
 * last followed while the node is out of reach; the worker reads it again before it signs.
 */
export async function storePots(storeId: string, { isLive = true }: { isLive?: boolean } = {}): Promise<StorePot[]> {
  const rows = await sql<Row[]>`
    SELECT d.chain_id, d.project_id, d.token_address, free.units::text, free.usd_micros::text, v.surplus_usd_micros::text AS surplus, v.supply::text AS supply,
           v.borrowed_usd_micros::text AS borrowed, v.collateral::text AS collateral, v.cash_out_delay_until AS delay_until, c.block_time
    FROM store_deployments d
    CROSS JOIN LATERAL store_available(d.store_id, d.chain_id) AS free
    LEFT JOIN revnet_states v ON v.store_id = d.store_id AND v.chain_id = d.chain_id
    LEFT JOIN chain_cursors c ON c.chain_id = d.chain_id
    WHERE d.store_id = ${storeId} AND d.status = 'deployed' AND d.project_id IS NOT NULL AND d.token_address IS NOT NULL`;
  const order = env().CHAIN_IDS;
  const own = rows.filter(({ chain_id }) => order.includes(chain_id)).toSorted((a, b) => order.indexOf(a.chain_id) - order.indexOf(b.chain_id));
  return Promise.all(own.map((row) => potOf(row, isLive)));
}

async function potOf(row: Row, isLive: boolean): Promise<StorePot> {
  const common = { chainId: row.chain_id, projectId: row.project_id, tokenAddress: row.token_address, units: atLeastZero(row.units), dollarsUsdMicros: atLeastZero(row.usd_micros) };
  const nowSeconds = Math.floor((row.block_time ?? new Date()).getTime() / 1000);
  const followed: StorePot = {
    ...common,
    state: { surplusUsdMicros: BigInt(row.surplus ?? 0), supplyUnits: BigInt(row.supply ?? 0), borrowedUsdMicros: BigInt(row.borrowed ?? 0), collateralUnits: BigInt(row.collateral ?? 0), cashOutTaxRate: 0 },
    canCashOut: row.delay_until === null || row.delay_until.getTime() / 1000 <= nowSeconds,
  };
  if (!isLive) return followed;
  try {
    const state = await readRevnetState(row.chain_id, row.project_id);
    return { ...common, state, canCashOut: state.cashOutDelayUntil <= nowSeconds };
  } catch (error) {
    if (!isChainUnreachable(error)) throw error;
    return followed;
  }
}
