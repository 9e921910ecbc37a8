import "server-only";
import { sql } from "@/db/client";
import { chainName, type ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { openState, type OpeningHours, type OpenState } from "@/lib/hours/rules";
import { idAt, isId } from "@/lib/ids";
import { DEFAULT_TIME_ZONE } from "@/lib/stores/rules";
import { searchable, SILENT_DAYS, STORES_PAGE, STORES_SHOWN_MAX, type ExploreFilter, type Place } from "./rules";

/** A store as anybody may see it in a list. */
export type NearStore = {
  id: string;
  name: string;
  category: string | null;
  place: string | null;
  latitude: number;
  longitude: number;
  shortCode: string;
  qrVersion: number;
  logoHash: string | null;
  rewardRateBps: number;
  distanceMetres: number;
  open: OpenState;
  timeZone: string;
};

type Row = Omit<NearStore, "open"> & { hours: OpeningHours | null };
const DAY_MS = 86_400_000;

/**
 * What the public sees: deployed somewhere, not closed, and either new or paid within the last 90 days. Payments' ids begin with their time, so
 * one look at the store's newest ones by key says it.
 */
const isShown = (now: Date) => sql`
  s.closed_at IS NULL AND s.short_code IS NOT NULL
  AND EXISTS (SELECT FROM store_deployments d WHERE d.store_id = s.id AND d.status = 'deployed')
  AND (s.created_at > ${new Date(now.getTime() - SILENT_DAYS * DAY_MS)} OR EXISTS (
    SELECT FROM transactions t WHERE t.store_id = s.id AND t.id >= ${idAt(now.getTime() - SILENT_DAYS * DAY_MS)} AND t.type = 'payment' AND t.status = 'confirmed'))`;

const columns = () => sql`
  s.id, s.name, s.category, s.address AS place, s.latitude::float8 AS latitude, s.longitude::float8 AS longitude, s.short_code AS "shortCode", COALESCE(s.qr_version, 1) AS "qrVersion",
  s.logo_hash AS "logoHash", COALESCE(s.reward_rate_bps, 0) AS "rewardRateBps", s.opening_hours AS hours, COALESCE(s.time_zone, ${DEFAULT_TIME_ZONE}) AS "timeZone"`;

const viewOf = ({ hours, ...store }: Row, now: Date): NearStore => ({ ...store, open: openState(hours, store.timeZone, now) });

/**
 * The stores nearest to a place, nearest first, in the order of the location index: PostgreSQL walks idx_stores_location outward and stops at the
 * limit. Distances are metres along the earth.
 */
export async function nearestStores({ latitude, longitude, limit = STORES_PAGE, filter, now = new Date() }: Place & { limit?: number; filter?: Partial<ExploreFilter>; now?: Date }): Promise<NearStore[]> {
  // The place is computed once, outside of the scan, so that the index is asked for one point.
  const point = sql`(SELECT public.ll_to_earth(${latitude}::float8, ${longitude}::float8))`;
  const rows = await sql<Row[]>`
    SELECT ${columns()}, public.sec_to_gc(public.store_location(s.latitude, s.longitude) OPERATOR(public.<->) ${point})::float8 AS "distanceMetres"
    FROM stores s
    WHERE s.latitude IS NOT NULL AND ${isShown(now)} ${filtered(filter, now)}
    ORDER BY public.store_location(s.latitude, s.longitude) OPERATOR(public.<->) ${point}
    LIMIT ${Math.min(limit, STORES_SHOWN_MAX)}`;
  return rows.map((row) => viewOf(row, now));
}

function filtered(filter: Partial<ExploreFilter> = {}, now: Date) {
  const { search = "", category = null, isOpenNow = false } = filter;
  return sql`
    ${search === "" ? sql`` : sql`AND public.store_search_text(s.name, s.address) LIKE ${`%${searchable(search).replace(/[\\%_]/g, "\\$&")}%`}`}
    ${category ? sql`AND s.category = ${category}` : sql``}
    ${isOpenNow ? sql`AND public.store_is_open(s.opening_hours, s.time_zone, ${now})` : sql``}`;
}

/** How many stores the filter finds, up to the most that are ever shown. */
export async function countStores(filter: Partial<ExploreFilter>, now = new Date()): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT FROM stores s WHERE s.latitude IS NOT NULL AND ${isShown(now)} ${filtered(filter, now)} LIMIT ${STORES_SHOWN_MAX}) AS found`;
  return row?.count ?? 0;
}

/** A store's own public page. */
export type PublicStore = Omit<NearStore, "distanceMetres" | "latitude" | "longitude"> & {
  latitude: number | null;
  longitude: number | null;
  symbol: string;
  description: string | null;
  rewardNote: string | null;
  website: string | null;
  instagram: string | null;
  hours: OpeningHours | null;
  isClosed: boolean;
  isPayable: boolean;
  paymentsThisMonth: number;
  registered: { chain: string; projectId: number } | null;
};

/** A store for anybody, by its id or by its symbol. A closed store says so; one that was never deployed is not found. Fails with not_found. */
export async function getPublicStore(idOrSymbol: string, now = new Date()): Promise<PublicStore> {
  if (!isId(idOrSymbol) && !/^[A-Za-z]{3,10}$/.test(idOrSymbol)) throw new DomainError("not_found");
  const { DEFAULT_CHAIN_ID } = env();
  type Found = Omit<Row, "distanceMetres" | "latitude" | "longitude"> & Omit<PublicStore, "open" | "registered"> & { chainId: ChainId | null; projectId: number | null };
  const [row] = await sql<Found[]>`
    SELECT ${columns()}, s.symbol, s.description, s.reward_note AS "rewardNote", s.website, s.instagram, s.closed_at IS NOT NULL AS "isClosed",
           COALESCE(s.closed_at IS NULL AND s.starts_at <= ${now}, false) AS "isPayable", d.chain_id AS "chainId", d.project_id AS "projectId",
           (SELECT count(*)::int FROM transactions t WHERE t.store_id = s.id AND t.id >= ${monthFloor(now)} AND t.type = 'payment' AND t.status = 'confirmed'
              AND t.created_at >= date_trunc('month', ${now}::timestamptz, COALESCE(s.time_zone, ${DEFAULT_TIME_ZONE}))) AS "paymentsThisMonth"
    FROM stores s
    JOIN LATERAL (SELECT chain_id, project_id FROM store_deployments WHERE store_id = s.id AND status = 'deployed' ORDER BY (chain_id = ${DEFAULT_CHAIN_ID}) DESC LIMIT 1) d ON true
    WHERE ${isId(idOrSymbol) ? sql`s.id = ${idOrSymbol}` : sql`upper(s.symbol) = ${idOrSymbol.toUpperCase()}`} AND s.short_code IS NOT NULL`;
  if (!row) throw new DomainError("not_found");
  const { chainId, projectId, ...store } = row;
  return { ...store, open: openState(store.hours, store.timeZone, now), registered: chainId && projectId !== null ? { chain: chainName(chainId), projectId } : null };
}

/** A payment of this month was made at the earliest a day before the month began somewhere. */
const monthFloor = (now: Date) => idAt(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0));
