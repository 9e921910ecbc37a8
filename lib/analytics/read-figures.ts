import "server-only";
import { sql } from "@/db/client";
import { usdMicrosFromDecimal } from "@/lib/money";
import { NO_FIGURES, splitWindow, weekHourKey, type Day, type Figures, type Period } from "./rules";

/** Days of a store as instants, and whether its clock stands whole hours apart from UTC in all of them. */
export type StoreWindow = { storeId: string; timeZone: string; from: Date; to: Date; isWholeHours: boolean };

/** Asks the database what a store's days are on the clock. No zone changes its clock twice within 20 days, so every such change is seen. */
export async function windowOf({ id, timeZone }: { id: string; timeZone: string }, { from, to }: Omit<Period, "kind">): Promise<StoreWindow> {
  const [row] = await sql<{ from: Date; to: Date; isWholeHours: boolean }[]>`
    WITH days AS (
      SELECT ${from}::text::date::timestamp AT TIME ZONE ${timeZone} AS first, ${to}::text::date::timestamp AT TIME ZONE ${timeZone} AS last
    )
    SELECT first AS "from", last AS "to",
           (SELECT bool_and(extract(minute FROM date_trunc('hour', look, 'UTC') AT TIME ZONE ${timeZone}) = 0) FROM (
              SELECT generate_series(first, last, INTERVAL '20 days') AS look UNION ALL SELECT last) looks) AS "isWholeHours"
    FROM days`;
  if (!row) throw new Error("a period without instants");
  return { storeId: id, timeZone, ...row };
}

/** One cut through a store's sales: `total` and its parts, which each add up to it. */
export type FiguresRead = {
  total: Figures;
  byDay: Map<Day, Figures>;
  /** By the hour's first instant (ISO); a day with a clock change has 23 or 25. */
  byHour: Map<string, Figures>;
  /** By the hour of the store's clock, 0 to 23, over all days. */
  byClock: Map<number, Figures>;
  /** By weekday and hour of the store's clock (weekHourKey), over all days, where it was asked for. An hour that the clock repeats is one here. */
  byWeekHour: Map<string, Figures>;
  /** Null: no charge was made, the customer paid at the store's own code. */
  bySeller: Map<string | null, Figures>;
  byTill: Map<string | null, Figures>;
  byTillAndSeller: { tillId: string | null; sellerId: string | null; figures: Figures }[];
};

type Row = {
  kind: "total" | "day" | "hour" | "clock" | "weekHour" | "seller" | "till" | "tillAndSeller";
  day: Day | null; hour: string | null; clock: number | null; weekday: number | null; sellerId: string | null; tillId: string | null;
  sales: number; guests: number; pix: number; refunds: number; grossUsd: string; grossBrl: string; tipUsd: string; tipBrl: string;
  refundUsd: string; refundBrl: string; rewardUsd: string; rewardBrl: string; guestBrl: string; pixBrl: string; ownBrl: string; otherBrl: string;
};

/** Hours whose rows changed since they were rolled up. */
const changedHours = ({ storeId, from, to }: { storeId: string; from: Date; to: Date }) => sql`
  SELECT DISTINCT c.hour FROM store_stats_changes c WHERE c.store_id = ${storeId} AND c.hour >= ${from} AND c.hour < ${to}`;

/** The stretches of a window that are counted from the rows, as the arrays that the figures' functions take: a table of one row, or of none when all is rolled up. */
function liveStretches({ storeId, ...window }: StoreWindow) {
  const { whole, pieces } = splitWindow(window);
  const ends = sql`SELECT e.a, e.b FROM unnest(${pieces.map((piece) => piece.from.toISOString())}::text[]::timestamptz[], ${pieces.map((piece) => piece.to.toISOString())}::text[]::timestamptz[]) AS e (a, b)`;
  const all = whole ? sql`SELECT c.hour AS a, c.hour + INTERVAL '1 hour' AS b FROM (${changedHours({ storeId, ...whole })}) c UNION ALL ${ends}` : ends;
  return { whole, live: sql`(SELECT array_agg(${storeId}::uuid) AS stores, array_agg(s.a) AS froms, array_agg(s.b) AS tos FROM (${all}) s HAVING count(*) > 0)` };
}

/**
 * What a store sold in a window. Hours that rest come from the roll-up; hours that changed since, and the ends of a window that cuts an hour,
 * from the rows: one statement, one snapshot, equal to the sum of the list at any moment.
 */
export async function readFigures(window: StoreWindow, { withHours = false, withWeek = false, sellerId = null }: { withHours?: boolean; withWeek?: boolean; /** One person's sales only. */ sellerId?: string | null } = {}): Promise<FiguresRead> {
  const { storeId, timeZone } = window;
  const { whole, live } = liveStretches(window);
  const rolled = whole
    ? sql`SELECT s.hour, s.seller_id, s.till_id, s.sale_count, s.guest_count, s.pix_count, s.refund_count, s.gross_usd, s.gross_brl_centavos, s.tip_usd, s.tip_brl_centavos,
            s.refund_usd, s.refund_brl_centavos, s.reward_usd, s.reward_brl_centavos, s.guest_brl_centavos, s.pix_brl_centavos,
            s.own_reward_brl_centavos, s.other_reward_brl_centavos
          FROM store_hourly_stats s
          WHERE s.store_id = ${storeId} AND s.hour >= ${whole.from} AND s.hour < ${whole.to}
            AND s.hour NOT IN (${changedHours({ storeId, ...whole })})
          UNION ALL`
    : sql``;
  const rows = await sql<Row[]>`
    WITH figures AS (
      ${rolled}
      SELECT f.hour, f.seller_id, f.till_id, f.sale_count, f.guest_count, f.pix_count, f.refund_count, f.gross_usd, f.gross_brl_centavos, f.tip_usd, f.tip_brl_centavos,
        f.refund_usd, f.refund_brl_centavos, f.reward_usd, f.reward_brl_centavos, f.guest_brl_centavos, f.pix_brl_centavos, f.own_reward_brl_centavos, f.other_reward_brl_centavos
      FROM ${live} l CROSS JOIN LATERAL public.store_sales(l.stores, l.froms, l.tos, ${timeZone}) f
    ), placed AS (
      SELECT f.*, (f.hour AT TIME ZONE ${timeZone})::date AS day, extract(hour FROM f.hour AT TIME ZONE ${timeZone})::int AS clock, extract(isodow FROM f.hour AT TIME ZONE ${timeZone})::int AS weekday FROM figures f
      ${sellerId === null ? sql`` : sql`WHERE f.seller_id = ${sellerId}`}
    )
    SELECT CASE grouping(p.day, p.clock, p.seller_id, p.till_id) WHEN 7 THEN 'day' WHEN 11 THEN ${withWeek ? sql`CASE grouping(p.weekday) WHEN 0 THEN 'weekHour' ELSE 'clock' END` : sql`'clock'`}
             WHEN 13 THEN 'seller' WHEN 14 THEN 'till' WHEN 12 THEN 'tillAndSeller'
             ELSE ${withHours ? sql`CASE grouping(p.hour) WHEN 0 THEN 'hour' ELSE 'total' END` : sql`'total'`} END AS kind,
           p.day::text AS day, ${withHours ? sql`to_char(p.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"')` : sql`NULL::text`} AS hour, p.clock, ${withWeek ? sql`p.weekday` : sql`NULL::int`} AS weekday, p.seller_id AS "sellerId", p.till_id AS "tillId",
           coalesce(sum(p.sale_count), 0)::int AS sales, coalesce(sum(p.guest_count), 0)::int AS guests, coalesce(sum(p.pix_count), 0)::int AS pix, coalesce(sum(p.refund_count), 0)::int AS refunds,
           coalesce(sum(p.gross_usd), 0)::text AS "grossUsd", coalesce(sum(p.gross_brl_centavos), 0)::text AS "grossBrl",
           coalesce(sum(p.tip_usd), 0)::text AS "tipUsd", coalesce(sum(p.tip_brl_centavos), 0)::text AS "tipBrl",
           coalesce(sum(p.refund_usd), 0)::text AS "refundUsd", coalesce(sum(p.refund_brl_centavos), 0)::text AS "refundBrl",
           coalesce(sum(p.reward_usd), 0)::text AS "rewardUsd", coalesce(sum(p.reward_brl_centavos), 0)::text AS "rewardBrl",
           coalesce(sum(p.guest_brl_centavos), 0)::text AS "guestBrl", coalesce(sum(p.pix_brl_centavos), 0)::text AS "pixBrl",
           coalesce(sum(p.own_reward_brl_centavos), 0)::text AS "ownBrl", coalesce(sum(p.other_reward_brl_centavos), 0)::text AS "otherBrl"
    FROM placed p
    GROUP BY GROUPING SETS ((), (p.day), (p.clock)${withWeek ? sql`, (p.clock, p.weekday)` : sql``}, (p.seller_id), (p.till_id), (p.seller_id, p.till_id)${withHours ? sql`, (p.hour)` : sql``})`;
  return sortOut(rows);
}

function sortOut(rows: readonly Row[]): FiguresRead {
  const read: FiguresRead = { total: NO_FIGURES, byDay: new Map(), byHour: new Map(), byClock: new Map(), byWeekHour: new Map(), bySeller: new Map(), byTill: new Map(), byTillAndSeller: [] };
  for (const row of rows) {
    const figures = figuresOf(row);
    if (row.kind === "total") read.total = figures;
    else if (row.kind === "day" && row.day !== null) read.byDay.set(row.day, figures);
    else if (row.kind === "hour" && row.hour !== null) read.byHour.set(row.hour, figures);
    else if (row.kind === "clock" && row.clock !== null) read.byClock.set(row.clock, figures);
    else if (row.kind === "weekHour" && row.weekday !== null && row.clock !== null) read.byWeekHour.set(weekHourKey({ weekday: row.weekday, clock: row.clock }), figures);
    else if (row.kind === "seller") read.bySeller.set(row.sellerId, figures);
    else if (row.kind === "till") read.byTill.set(row.tillId, figures);
    else if (row.kind === "tillAndSeller") read.byTillAndSeller.push({ tillId: row.tillId, sellerId: row.sellerId, figures });
  }
  return read;
}

const figuresOf = (row: Row): Figures => ({
  saleCount: row.sales,
  guestCount: row.guests,
  pixCount: row.pix,
  refundCount: row.refunds,
  grossUsdMicros: usdMicrosFromDecimal(row.grossUsd),
  grossBrlCentavos: BigInt(row.grossBrl),
  tipUsdMicros: usdMicrosFromDecimal(row.tipUsd),
  tipBrlCentavos: BigInt(row.tipBrl),
  refundUsdMicros: usdMicrosFromDecimal(row.refundUsd),
  refundBrlCentavos: BigInt(row.refundBrl),
  rewardUsdMicros: usdMicrosFromDecimal(row.rewardUsd),
  rewardBrlCentavos: BigInt(row.rewardBrl),
  guestBrlCentavos: BigInt(row.guestBrl),
  pixBrlCentavos: BigInt(row.pixBrl),
  ownRewardBrlCentavos: BigInt(row.ownBrl),
  otherRewardBrlCentavos: BigInt(row.otherBrl),
});

export type ItemSold = { itemId: string | null; name: string; quantity: bigint; grossBrlCentavos: bigint };

/** Items sold in a window, the most first. */
export async function readItemsSold(window: StoreWindow, { limit }: { limit: number }): Promise<ItemSold[]> {
  const { storeId, timeZone } = window;
  const { whole, live } = liveStretches(window);
  const rolled = whole
    ? sql`SELECT s.item_id, s.name, s.quantity, s.gross_brl_centavos FROM store_hourly_items s
          WHERE s.store_id = ${storeId} AND s.hour >= ${whole.from} AND s.hour < ${whole.to} AND s.hour NOT IN (${changedHours({ storeId, ...whole })})
          UNION ALL`
    : sql``;
  const rows = await sql<{ itemId: string | null; name: string; quantity: string; brl: string }[]>`
    SELECT i.item_id AS "itemId", max(i.name) AS name, sum(i.quantity)::text AS quantity, sum(i.gross_brl_centavos)::text AS brl
    FROM (${rolled} SELECT f.item_id, f.name, f.quantity, f.gross_brl_centavos FROM ${live} l CROSS JOIN LATERAL public.store_items_sold(l.stores, l.froms, l.tos, ${timeZone}) f) i
    GROUP BY i.item_id, CASE WHEN i.item_id IS NULL THEN i.name END ORDER BY sum(i.gross_brl_centavos) DESC, max(i.name) LIMIT ${limit}`;
  return rows.map(({ itemId, name, quantity, brl }) => ({ itemId, name, quantity: BigInt(quantity), grossBrlCentavos: BigInt(brl) }));
}

/** People with an account who paid in a window, and those of them who had paid here on an earlier day. The zone's calendar is asked only where two days don't settle it. */
export async function readCustomers({ storeId, timeZone, from, to }: StoreWindow): Promise<{ unique: number; returning: number }> {
  const [row] = await sql<{ unique: number; returning: number }[]>`
    WITH paid AS (
      SELECT t.from_user_id AS user_id, min(t.confirmed_at) AS first, max(t.confirmed_at) AS last FROM transactions t
      WHERE t.store_id = ${storeId} AND t.type = 'payment' AND t.status = 'confirmed' AND t.confirmed_at >= ${from} AND t.confirmed_at < ${to} AND t.from_user_id IS NOT NULL
      GROUP BY 1
    )
    SELECT count(*)::int AS "unique",
           (count(*) FILTER (WHERE f.at < p.last AND (f.at < p.last - INTERVAL '2 days' OR (f.at AT TIME ZONE ${timeZone})::date < (p.last AT TIME ZONE ${timeZone})::date)))::int AS returning
    FROM paid p LEFT JOIN store_customers c ON c.store_id = ${storeId} AND c.user_id = p.user_id CROSS JOIN LATERAL (SELECT least(c.first_paid_at, p.first) AS at) f`;
  return row ?? { unique: 0, returning: 0 };
}
