import "server-only";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { storePaymentColumns, storePaymentOf, type StorePaymentRow } from "@/lib/live/queries";
import type { StorePayment } from "@/lib/live/rules";
import { usdMicrosFromDecimal } from "@/lib/money";
import { refundsOf, type RefundTotals } from "@/lib/refunds/queries";
import { requirePermission } from "@/lib/team/require-permission";
import { NO_SALE_FILTER, type SaleFilter } from "./rules";

/** Written into its statement: of a length that it can't know, PostgreSQL keeps no plan, and planning takes longer than the page. */
const SALES_PAGE = 50;
/** A sale that waited longer than this for its chain would be missing from the day on which it was paid. */
const PENDING_DAYS_MAX = 9;

export type SalesPage = { items: StorePayment[]; /** Keys of the pages beside this one. */ newer: string | null; older: string | null };
type Place = { before?: string; after?: string };

/** Sales of a store: paid, or paid before a reorganisation took it back for now. One that was never paid is none yet. */
export const isSale = () => sql`t.type = 'payment' AND (t.status = 'confirmed' OR (t.status = 'pending' AND EXISTS (SELECT FROM store_events e WHERE e.transaction_id = t.id)))`;

/**
 * A store's sales that a filter lets through, newest first, a page by key in either direction: no page costs more than the first one.
 * Fails with not_found (also for a key that is none), forbidden.
 */
export async function listSales(actor: Actor, storeId: string, { filter = NO_SALE_FILTER, before, after }: { filter?: SaleFilter } & Place = {}): Promise<SalesPage> {
  await requirePermission(db, actor, storeId, "payments.view_all");
  for (const key of [before, after]) if (key !== undefined && !isId(key)) throw new DomainError("not_found");
  const isUpward = after !== undefined;
  const rows = await sql<StorePaymentRow[]>`
    SELECT ${storePaymentColumns()}
    FROM transactions t JOIN stores s ON s.id = t.store_id LEFT JOIN users u ON u.id = t.from_user_id
    WHERE t.store_id = ${storeId} AND ${isSale()} ${conditionOf(storeId, filter)}
      ${before ? sql`AND t.id < ${before}` : sql``} ${after ? sql`AND t.id > ${after}` : sql``}
    ORDER BY t.id ${isUpward ? sql`ASC` : sql`DESC`} LIMIT ${sql.unsafe(String(SALES_PAGE + 1))}`;
  const hasMore = rows.length > SALES_PAGE;
  const items = rows.slice(0, SALES_PAGE).map(storePaymentOf);
  if (isUpward) items.reverse();
  const [first, last] = [items[0]?.id ?? null, items.at(-1)?.id ?? null];
  return { items, newer: isUpward ? (hasMore ? first : null) : before ? first : null, older: isUpward ? last : hasMore ? last : null };
}

/** Codes are found by the store's own index: what begins with "K7" lies between "K7" and "K7ZZZZZZ". */
function conditionOf(storeId: string, { state, memberId, from, to, amountBrlCentavos, code }: SaleFilter) {
  const zone = sql`coalesce(s.time_zone, 'America/Sao_Paulo')`;
  const paidAt = sql`coalesce(t.confirmed_at, t.created_at)`;
  return sql`
    ${from ? sql`AND t.id >= ${floorOf(from, -PENDING_DAYS_MAX)} AND ${paidAt} >= ${from}::date::timestamp AT TIME ZONE ${zone}` : sql``}
    ${to ? sql`AND t.id < ${floorOf(to, 2)} AND ${paidAt} < (${to}::date + 1)::timestamp AT TIME ZONE ${zone}` : sql``}
    ${amountBrlCentavos === null ? sql`` : sql`AND t.amount_brl_centavos = ${amountBrlCentavos.toString()}::bigint`}
    ${memberId ? sql`AND t.charge_id IN (SELECT c.id FROM charges c WHERE c.store_id = ${storeId} AND c.created_by = ${memberId})` : sql``}
    ${/* The code of a payment that is not paid must not be guessed letter by letter. */ code ? sql`AND t.status = 'confirmed' AND t.confirmation_code BETWEEN ${code} AND ${`${code}ZZZZZZ`}` : sql``}
    ${state === "refunded" ? sql`AND t.id IN (SELECT r.original_transaction_id FROM refunds r WHERE r.store_id = ${storeId} AND r.status <> 'failed' UNION ALL SELECT o.transaction_id FROM outside_payments o WHERE o.store_id = ${storeId} AND o.refund_status IN ('requested', 'refunded'))` : sql``}
    ${state === "outside" ? sql`AND t.id IN (SELECT o.transaction_id FROM outside_payments o WHERE o.store_id = ${storeId} AND o.outcome <> 'paid')` : sql``}`;
}

/** The lowest UUIDv7 of a day, some days on: ids carry the time, so that a period is a range of the list's own index. */
function floorOf(day: string, days: number): string {
  const hex = (Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** A store with very many sales shows those who made the newest of them. */
const SELLERS_OF_LAST = 5_000;

/** Who has made sales, or could: members, and whoever left, by name. Fails with not_found, forbidden. */
export async function listSellers(actor: Actor, storeId: string): Promise<{ id: string; name: string }[]> {
  await requirePermission(db, actor, storeId, "payments.view_all");
  return sql<{ id: string; name: string }[]>`
    SELECT u.id, u.name FROM users u
    WHERE u.name IS NOT NULL AND u.deleted_at IS NULL AND u.id IN (
      SELECT m.user_id FROM store_members m WHERE m.store_id = ${storeId} AND m.accepted_at IS NOT NULL UNION SELECT c.created_by FROM (SELECT created_by FROM charges WHERE store_id = ${storeId} ORDER BY id DESC LIMIT ${SELLERS_OF_LAST}) c)
    ORDER BY u.name, u.id`;
}

/** Money of a time: what was sold, what was given back in it, and what is left of the two. */
export type SalesTotals = { count: number; grossUsdMicros: bigint; grossBrlCentavos: bigint; refunds: RefundTotals; netBrlCentavos: bigint };

/**
 * Sales and refunds of some days of the store's calendar; today without any. A sale counts for the day on which it was paid, a refund for the day on which it
 * was paid back. What was not priced in reais counts at the rate of its sale, else at the newest one. Fails with not_found, forbidden.
 */
export async function salesTotals(actor: Actor, storeId: string, { from, to }: Pick<SaleFilter, "from" | "to"> = NO_SALE_FILTER): Promise<SalesTotals> {
  await requirePermission(db, actor, storeId, "payments.view_all");
  const isToday = !from && !to;
  const [period] = await sql<{ since: Date | null; until: Date | null }[]>`
    SELECT ${isToday ? sql`date_trunc('day', now(), zone)` : from ? sql`${from}::date::timestamp AT TIME ZONE zone` : sql`NULL::timestamptz`} AS since,
           ${to ? sql`(${to}::date + 1)::timestamp AT TIME ZONE zone` : sql`NULL::timestamptz`} AS until
    FROM (SELECT coalesce(s.time_zone, 'America/Sao_Paulo') AS zone FROM stores s WHERE s.id = ${storeId}) AS store`;
  const { since, until } = period ?? { since: null, until: null };
  const floor = since ? floorOf(since.toISOString().slice(0, 10), -PENDING_DAYS_MAX) : null;
  const [[row], refunds] = await Promise.all([
    sql<{ count: number; usd: string; brl: string }[]>`
      SELECT count(*)::int AS count, coalesce(sum(t.amount_usd), 0)::text AS usd,
             coalesce(sum(coalesce(t.amount_brl_centavos, round(t.amount_usd * coalesce(t.brl_per_usd, (SELECT r.brl_per_usd FROM exchange_rates r ORDER BY r.quoted_at DESC LIMIT 1), 0) * 100))), 0)::text AS brl
      FROM transactions t WHERE t.store_id = ${storeId} AND t.type = 'payment' AND t.status = 'confirmed'
        ${floor && since ? sql`AND t.id >= ${floor} AND t.confirmed_at >= ${since}` : sql``} ${until ? sql`AND t.confirmed_at < ${until}` : sql``}`,
    refundsOf(storeId, { ...(since && { since }), ...(until && { until }) }),
  ]);
  const grossBrlCentavos = BigInt(row?.brl ?? 0);
  return { count: row?.count ?? 0, grossUsdMicros: usdMicrosFromDecimal(row?.usd ?? "0"), grossBrlCentavos, refunds, netBrlCentavos: grossBrlCentavos - refunds.brlCentavos };
}
