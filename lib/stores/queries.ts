import "server-only";
import { and, asc, eq, isNotNull } from "drizzle-orm";
import { db, sql } from "@/db/client";
import { storeDeployments, storeMembers, stores, users } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import type { ChainId } from "@/lib/chain/chains";
import { rewardValueUsdMicros } from "@/lib/chain/revnet";
import { env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import { newestEventId, storePaymentColumns, storePaymentOf, type StorePaymentRow } from "@/lib/live/queries";
import type { StorePayment } from "@/lib/live/rules";
import { usdMicrosFromDecimal, type Currency } from "@/lib/money";
import { refundsOf } from "@/lib/refunds/queries";
import { requirePermission } from "@/lib/team/require-permission";
import { can, type Permission, type Role } from "@/lib/team/rules";
import { payUrlOf } from "./pay-url";
import { DEFAULT_TIME_ZONE, readinessOf, type DeploymentStatus, type Readiness } from "./rules";

const TODAY_SHOWN_MAX = 200;
const RECENT_SHOWN = 8;
/** A payment that waited longer than this for its chain would be missing from the day it was paid on, in lists by key. */
const PENDING_DAYS_MAX = 7;

/** A store as every page of it needs it. */
export type StoreHead = { id: string; name: string; place: string | null; symbol: string; shortCode: string; qrVersion: number; timeZone: string; rewardRateBps: number; payUrl: string; logoHash: string | null; closedAt: Date | null; tillCurrency: Currency };

type StoreRow = typeof stores.$inferSelect;
function headOf(store: StoreRow): StoreHead {
  invariant(store.shortCode, `store ${store.id} has no short code`);
  return {
    id: store.id,
    name: store.name,
    place: store.address,
    symbol: store.symbol,
    shortCode: store.shortCode,
    qrVersion: store.qrVersion ?? 1,
    timeZone: store.timeZone ?? DEFAULT_TIME_ZONE,
    rewardRateBps: store.rewardRateBps ?? 0,
    payUrl: payUrlOf(store.shortCode),
    logoHash: store.logoHash,
    closedAt: store.closedAt,
    tillCurrency: store.tillCurrency ?? "BRL",
  };
}

/** The stores that a person works in, by name. */
export async function listMyStores(actor: Actor): Promise<{ store: StoreHead; role: Role; readiness: Readiness }[]> {
  const rows = await db
    .select({ store: stores, role: storeMembers.role, status: storeDeployments.status })
    .from(storeMembers)
    .innerJoin(stores, eq(stores.id, storeMembers.storeId))
    .leftJoin(storeDeployments, eq(storeDeployments.storeId, stores.id))
    .where(and(eq(storeMembers.userId, actor.userId), isNotNull(storeMembers.acceptedAt)))
    .orderBy(asc(stores.name), asc(stores.id));
  const byStore = new Map<string, { store: StoreRow; role: Role; statuses: DeploymentStatus[] }>();
  for (const { store, role, status } of rows) {
    const entry = byStore.get(store.id) ?? { store, role, statuses: [] };
    if (status) entry.statuses.push(status);
    byStore.set(store.id, entry);
  }
  return [...byStore.values()].map(({ store, role, statuses }) => ({ store: headOf(store), role, readiness: readinessOf(statuses) }));
}

/** What surrounds every page of a store: its head and the person's role. Fails with not_found for strangers. */
export async function getStoreFrame(actor: Actor, storeId: string): Promise<{ store: StoreHead; role: Role }> {
  return readStore(actor, storeId, "till.use");
}

/** Who may give a right that somebody lacks: names of the owners, in the order they joined. Asked only for members. */
export async function namesOfOwners(actor: Actor, storeId: string): Promise<string[]> {
  await requirePermission(db, actor, storeId, "till.use");
  const rows = await db
    .select({ name: users.name })
    .from(storeMembers)
    .innerJoin(users, eq(users.id, storeMembers.userId))
    .where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.role, "owner"), isNotNull(storeMembers.acceptedAt)))
    .orderBy(asc(storeMembers.createdAt));
  return rows.flatMap(({ name }) => (name ? [name] : []));
}

export type Today = {
  count: number;
  sumUsdMicros: bigint;
  sumBrlCentavos: bigint;
  averageBrlCentavos: bigint;
  /** What was given back today, of whatever day's sales. */
  refundedBrlCentavos: bigint;
};

export type StoreOverview = {
  store: StoreHead;
  role: Role;
  recent: StorePayment[];
  hasEverSold: boolean;
  readiness: Readiness;
  /** For whoever may see them; null otherwise. */
  deployments: Deployment[] | null;
  balanceUsdMicros: bigint | null;
};

export type Deployment = { chainId: ChainId; status: DeploymentStatus; errorMessage: string | null };

/** The store's first page, for owners and admins. Fails with not_found, forbidden. */
export async function getStoreOverview(actor: Actor, storeId: string): Promise<StoreOverview> {
  const { store, role } = await readStore(actor, storeId, "payments.view_all");
  const [recent, deployments, balanceUsdMicros] = await Promise.all([
    readPayments(storeId, { limit: RECENT_SHOWN }),
    readDeployments(storeId),
    can(role, "balance.view") ? readBalance(storeId) : null,
  ]);
  return {
    store,
    role,
    recent,
    hasEverSold: recent.length > 0,
    readiness: readinessOf(deployments.map(({ status }) => status)),
    deployments: can(role, "deployments.view") ? deployments : null,
    balanceUsdMicros,
  };
}

export type TillSnapshot = {
  store: StoreHead;
  role: Role;
  readiness: Readiness;
  today: Today;
  /** Today's payments, newest first. */
  payments: StorePayment[];
  /** Live events continue after this one. */
  lastEventId: string;
};

/** The till as it stands now. The event id is read first, so that nothing falls between the list and the stream. Fails with not_found. */
export async function getTill(actor: Actor, storeId: string): Promise<TillSnapshot> {
  const { store, role } = await readStore(actor, storeId, "till.use");
  const lastEventId = await newestEventId(storeId);
  const [today, payments, deployments] = await Promise.all([readToday(store), readPayments(storeId, { since: "today", timeZone: store.timeZone, limit: TODAY_SHOWN_MAX }), readDeployments(storeId)]);
  return { store, role, readiness: readinessOf(deployments.map(({ status }) => status)), today, payments, lastEventId };
}

async function readStore(actor: Actor, storeId: string, permission: Permission): Promise<{ store: StoreHead; role: Role }> {
  const role = await requirePermission(db, actor, storeId, permission);
  const [store] = await db.select().from(stores).where(eq(stores.id, storeId));
  invariant(store, `store ${storeId} has members and no row`);
  return { store: headOf(store), role };
}

async function readDeployments(storeId: string): Promise<Deployment[]> {
  const rows = await db
    .select({ chainId: storeDeployments.chainId, status: storeDeployments.status, errorMessage: storeDeployments.errorMessage })
    .from(storeDeployments)
    .where(eq(storeDeployments.storeId, storeId));
  const order = env().CHAIN_IDS;
  return rows.filter(({ chainId }) => order.includes(chainId)).toSorted((a, b) => order.indexOf(a.chainId) - order.indexOf(b.chainId));
}

/** The lowest UUIDv7 of a moment: lists by key start there without an index on time. */
function idFloor(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
const todayFloor = () => idFloor(new Date(Date.now() - (PENDING_DAYS_MAX + 2) * 86_400_000));

/** Paid today, in the store's own day. What was not priced in reais counts at the rate of its sale, else at the newest one. */
async function readToday({ id, timeZone }: { id: string; timeZone: string }): Promise<Today> {
  const [row] = await sql<{ count: number; sumUsd: string; sumBrlCentavos: string; since: Date }[]>`
    SELECT date_trunc('day', now(), ${timeZone}) AS since, count(*)::int AS count, coalesce(sum(t.amount_usd), 0)::text AS "sumUsd",
           coalesce(sum(coalesce(t.amount_brl_centavos,
             round(t.amount_usd * coalesce(t.brl_per_usd, (SELECT r.brl_per_usd FROM exchange_rates r ORDER BY r.quoted_at DESC LIMIT 1), 0) * 100))), 0)::text AS "sumBrlCentavos"
    FROM transactions t
    WHERE t.store_id = ${id} AND t.id >= ${todayFloor()} AND t.type = 'payment' AND t.status = 'confirmed' AND t.confirmed_at >= date_trunc('day', now(), ${timeZone})`;
  const count = row?.count ?? 0;
  const sumBrlCentavos = BigInt(row?.sumBrlCentavos ?? 0);
  const half = BigInt(count) / 2n;
  const { brlCentavos: refundedBrlCentavos } = await refundsOf(id, row ? { since: row.since } : {});
  return { count, sumUsdMicros: usdMicrosFromDecimal(row?.sumUsd ?? "0"), sumBrlCentavos, averageBrlCentavos: count === 0 ? 0n : (sumBrlCentavos + half) / BigInt(count), refundedBrlCentavos };
}

type PaymentsWanted = { limit: number } | { limit: number; since: "today"; timeZone: string };

/** Paid payments, and those that a reorganisation took back for now. One that was never paid is no payment of the store yet. */
async function readPayments(storeId: string, wanted: PaymentsWanted): Promise<StorePayment[]> {
  const part =
    "since" in wanted
      ? sql`AND t.id >= ${todayFloor()} AND coalesce(t.confirmed_at, t.created_at) >= date_trunc('day', now(), ${wanted.timeZone})`
      : sql``;
  const rows = await sql<StorePaymentRow[]>`
    SELECT ${storePaymentColumns()}
    FROM transactions t LEFT JOIN users u ON u.id = t.from_user_id
    WHERE t.store_id = ${storeId} AND t.type = 'payment'
      AND (t.status = 'confirmed' OR (t.status = 'pending' AND EXISTS (SELECT FROM store_events e WHERE e.transaction_id = t.id)))
      ${part}
    ORDER BY t.id DESC LIMIT ${/* In the text: of a length that it can't know, PostgreSQL keeps no plan. */ sql.unsafe(String(wanted.limit))}`;
  return rows.map(storePaymentOf);
}

/**
 * What the store's own dollars, and its tokens at today's value, would pay out now. Its reserved tokens count before they are distributed: the
 * split that brings them to the store's account is locked for ever.
 */
export async function readBalance(storeId: string): Promise<bigint> {
  const rows = await sql<{ isDollars: boolean; units: string; surplus: string; supply: string }[]>`
    SELECT b.token_store_id IS NULL AS "isDollars", b.balance::text AS units, coalesce(r.surplus_usd_micros, 0)::text AS surplus, coalesce(r.supply, 0)::text AS supply
    FROM store_token_balances b LEFT JOIN revnet_states r ON r.store_id = b.token_store_id AND r.chain_id = b.chain_id
    WHERE b.store_id = ${storeId} AND b.token_store_id IS DISTINCT FROM ${storeId}
    UNION ALL
    SELECT false, (r.pending_reserved + coalesce((
             SELECT sum(b.balance) FROM store_token_balances b WHERE b.store_id = r.store_id AND b.token_store_id = r.store_id AND b.chain_id = r.chain_id), 0))::text,
           r.surplus_usd_micros::text, r.supply::text
    FROM revnet_states r WHERE r.store_id = ${storeId}`;
  return rows.reduce((sum, { isDollars, units, surplus, supply }) => sum + (isDollars ? BigInt(units) : rewardValueUsdMicros({ units: BigInt(units), surplusUsdMicros: BigInt(surplus), supplyUnits: BigInt(supply) })), 0n);
}
