import "server-only";
import { sql } from "@/db/client";
import { holdingsOf } from "@/lib/balances/queries";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import type { Person } from "@/lib/payments/payment-view";
import { currentRate } from "@/lib/rates/queries";
import { ONE_CENT_USD_MICROS, VALUES_FRESH_MS, type RewardStoreState } from "./rules";

const OTHERS_SHOWN = 6;

export type RewardStore = { id: string; name: string; place: string | null; qrVersion: number; shortCode: string | null; rewardRateBps: number; state: RewardStoreState };

/** What a person has of one store over all chains, at what it would fetch now. */
export type StoreRewards = {
  store: RewardStore;
  units: bigint;
  valueUsdMicros: bigint;
  /** Until then they buy at their own store only; null where they are good everywhere. */
  elsewhereFrom: Date | null;
  byChain: { chainId: ChainId; tokenAddress: string; units: bigint; valueUsdMicros: bigint }[];
};

/** When the values were read, the oldest of them; null while nothing was. */
export type ValuesAt = { at: Date; isFresh: boolean } | null;

type StoreRow = { id: string; name: string; place: string | null; qr_version: number; short_code: string | null; reward_rate_bps: number; closed_at: Date | null; starts_at: Date | null; deployed: number };

const stateOf = ({ closed_at, starts_at, deployed }: StoreRow, now: Date): RewardStoreState => (closed_at ? "closed" : deployed === 0 || !starts_at || starts_at > now ? "not_open" : "open");

const storeOf = (row: StoreRow, now: Date): RewardStore => ({ id: row.id, name: row.name, place: row.place, qrVersion: row.qr_version, shortCode: row.short_code, rewardRateBps: row.reward_rate_bps, state: stateOf(row, now) });

const columns = () => sql`
  s.id, s.name, s.address AS place, COALESCE(s.qr_version, 1) AS qr_version, s.short_code, COALESCE(s.reward_rate_bps, 0) AS reward_rate_bps, s.closed_at, s.starts_at,
  (SELECT count(*)::int FROM store_deployments d WHERE d.store_id = s.id AND d.status = 'deployed') AS deployed`;

/** All of a person's rewards by store, worth most first; what is worth less than a cent apart. */
export async function getRewards(person: Person, now = new Date()): Promise<{ totalUsdMicros: bigint; rewards: StoreRewards[]; small: StoreRewards[]; rate: Awaited<ReturnType<typeof currentRate>>; values: ValuesAt }> {
  const [{ rewards, values }, rate] = await Promise.all([readRewards(person, now), currentRate(now)]);
  return {
    totalUsdMicros: rewards.reduce((sum, { valueUsdMicros }) => sum + valueUsdMicros, 0n),
    rewards: rewards.filter(({ valueUsdMicros }) => valueUsdMicros >= ONE_CENT_USD_MICROS),
    small: rewards.filter(({ valueUsdMicros }) => valueUsdMicros < ONE_CENT_USD_MICROS),
    rate,
    values,
  };
}

/**
 * One store's rewards, what they came from in sum, and where else they buy. Nothing held is an answer too; a store that there is not fails with
 * not_found.
 */
export async function getStoreRewards(person: Person, storeId: string, now = new Date()) {
  if (!isId(storeId)) throw new DomainError("not_found");
  const [{ rewards, values }, rate, [row], others] = await Promise.all([
    readRewards(person, now),
    currentRate(now),
    sql<StoreRow[]>`SELECT ${columns()} FROM stores s WHERE s.id = ${storeId}`,
    sql<StoreRow[]>`
      SELECT ${columns()} FROM stores s
      WHERE s.id <> ${storeId} AND s.closed_at IS NULL AND s.starts_at <= ${now} AND s.short_code IS NOT NULL AND EXISTS (SELECT 1 FROM store_deployments d WHERE d.store_id = s.id AND d.status = 'deployed')
      ORDER BY EXISTS (SELECT 1 FROM transactions t WHERE t.from_user_id = ${person.userId} AND t.store_id = s.id) DESC, s.name, s.id LIMIT ${OTHERS_SHOWN}`,
  ]);
  if (!row) throw new DomainError("not_found");
  const held = rewards.find(({ store }) => store.id === storeId) ?? { store: storeOf(row, now), units: 0n, valueUsdMicros: 0n, elsewhereFrom: null, byChain: [] };
  return { ...held, rate, values, others: others.map((other) => storeOf(other, now)) };
}

async function readRewards({ userId }: Person, now: Date): Promise<{ rewards: StoreRewards[]; values: ValuesAt }> {
  const holdings = (await holdingsOf(userId)).flatMap((holding) => (holding.store && holding.available > 0n ? [{ ...holding, store: holding.store }] : []));
  const ids = [...new Set(holdings.map(({ store }) => store.id))];
  if (ids.length === 0) return { rewards: [], values: null };
  const [stores, states] = await Promise.all([
    sql<StoreRow[]>`SELECT ${columns()} FROM stores s WHERE s.id = ANY (${ids}::uuid[])`,
    sql<{ store_id: string; chain_id: ChainId; delayed_until: Date | null; updated_at: Date }[]>`
      SELECT v.store_id, v.chain_id, v.updated_at, CASE WHEN v.cash_out_delay_until > COALESCE(c.block_time, now()) THEN v.cash_out_delay_until END AS delayed_until
      FROM revnet_states v LEFT JOIN chain_cursors c ON c.chain_id = v.chain_id WHERE v.store_id = ANY (${ids}::uuid[])`,
  ]);
  const byStore = new Map<string, StoreRewards>(stores.map((row) => [row.id, { store: storeOf(row, now), units: 0n, valueUsdMicros: 0n, elsewhereFrom: null, byChain: [] }]));
  const read: Date[] = [];
  for (const { store, chainId, tokenAddress, available, valueUsdMicros } of holdings) {
    const sum = byStore.get(store.id);
    const state = states.find((one) => one.store_id === store.id && one.chain_id === chainId);
    if (!sum) continue;
    if (state) read.push(state.updated_at);
    const delayed = state?.delayed_until ?? null;
    byStore.set(store.id, {
      ...sum,
      units: sum.units + available,
      valueUsdMicros: sum.valueUsdMicros + valueUsdMicros,
      elsewhereFrom: delayed && (!sum.elsewhereFrom || delayed > sum.elsewhereFrom) ? delayed : sum.elsewhereFrom,
      byChain: [...sum.byChain, { chainId, tokenAddress, units: available, valueUsdMicros }],
    });
  }
  const oldest = read.toSorted((a, b) => a.getTime() - b.getTime())[0];
  const rewards = [...byStore.values()].toSorted((a, b) => (b.valueUsdMicros === a.valueUsdMicros ? (a.store.name < b.store.name ? -1 : 1) : b.valueUsdMicros > a.valueUsdMicros ? 1 : -1));
  return { rewards, values: oldest ? { at: oldest, isFresh: now.getTime() - oldest.getTime() <= VALUES_FRESH_MS } : null };
}
