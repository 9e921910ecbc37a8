import "server-only";
import { sql } from "@/db/client";
import type { StoreWindow } from "@/lib/analytics/read-figures";
import type { ChainId } from "@/lib/chain/chains";
import type { LineKind } from "./rules";

/** Rows read at a time: small enough to forget, large enough that asking costs nothing. */
export const LINES_A_PAGE = 2_000;

/** One movement of a store as files list it. Amounts as the database writes them, a refund's below zero; times in the store's clock and in UTC. */
export type ExportLine = {
  kind: LineKind;
  id: string;
  saleId: string;
  /** "2026-11-22 14:02:37" */
  at: string;
  /** To the microsecond. */
  atUtc: string;
  payer: string | null;
  origin: "guest" | "outside" | "pix" | null;
  seller: string | null;
  till: string | null;
  code: string | null;
  brl: string;
  usd: string;
  tipBrl: string;
  tipUsd: string;
  rewardUsd: string;
  rewardUnits: string | null;
  rate: string | null;
  rateAt: string | null;
  note: string | null;
  chainId: ChainId;
  txHash: string | null;
};

type Place = { at: string; id: string };
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** A page as it came: its rows as JSON texts with commas between, which linesOf takes apart, and its last place; null when it is not full. */
type Page = { text: string | null; at: string | null; id: string | null };
const NO_PAGE: Page = { text: null, at: null, id: null };

/** Movements after a place, oldest first: sales as they were paid and refunds as they were paid back. */
async function readPage({ storeId, timeZone, to }: StoreWindow, after: Place, limit: number): Promise<Page> {
  const [page] = await sql<Page[]>`
    WITH line AS (
      (SELECT t.confirmed_at AS at, t.id, 'sale' AS kind, t.id AS sale_id, NULL::bigint AS brl, NULL::numeric AS usd, NULL::uuid AS paid_by, NULL::text AS tx_hash, NULL::text AS note
       FROM transactions t
       WHERE t.store_id = ${storeId} AND t.type = 'payment' AND t.status = 'confirmed' AND (t.confirmed_at, t.id) > (${after.at}::text::timestamptz, ${after.id}::uuid) AND t.confirmed_at < ${to}
       ORDER BY t.confirmed_at, t.id LIMIT ${limit})
      UNION ALL
      (SELECT r.completed_at, r.id, 'refund', r.original_transaction_id, -r.amount_brl_centavos, -r.amount_usd, r.transaction_id, NULL, r.reason
       FROM refunds r
       WHERE r.store_id = ${storeId} AND r.status = 'refunded' AND (r.completed_at, r.id) > (${after.at}::text::timestamptz, ${after.id}::uuid) AND r.completed_at < ${to}
       ORDER BY r.completed_at, r.id LIMIT ${limit})
      UNION ALL
      (SELECT o.refunded_at, o.id, 'refund', o.transaction_id,
              -round(COALESCE(s.amount_brl_centavos, public.reais_of(s.amount_usd, s.brl_per_usd, o.created_at)) * o.refund_usd / s.amount_usd)::bigint, -o.refund_usd, NULL, o.refund_tx_hash, NULL
       FROM outside_payments o JOIN transactions s ON s.id = o.transaction_id
       WHERE o.store_id = ${storeId} AND o.refund_status = 'refunded' AND (o.refunded_at, o.id) > (${after.at}::text::timestamptz, ${after.id}::uuid) AND o.refunded_at < ${to}
       ORDER BY o.refunded_at, o.id LIMIT ${limit})
    ), page AS (SELECT * FROM line ORDER BY at, id LIMIT ${limit})
    SELECT (array_agg(x.at))[${limit}::int]::text AS at, (array_agg(x.id))[${limit}::int] AS id, string_agg(x.line::text, ',') AS text
    FROM (SELECT p.at, p.id, json_build_array(
             p.kind, p.id, p.sale_id, p.at AT TIME ZONE ${timeZone}, p.at AT TIME ZONE 'UTC',
             CASE WHEN t.origin IN ('guest', 'outside') THEN left(t.payer_address, 6) || '…' || right(t.payer_address, 4)
                  WHEN u.hide_name OR u.deleted_at IS NOT NULL THEN NULL ELSE nullif(split_part(btrim(u.name), ' ', 1), '') END,
             t.origin, m.name, l.name, t.confirmation_code,
             coalesce(p.brl, t.amount_brl_centavos, public.reais_of(t.amount_usd, t.brl_per_usd, t.confirmed_at))::text, coalesce(p.usd, t.amount_usd)::text,
             CASE WHEN p.kind = 'sale' AND t.tip_usd > 0 THEN coalesce(t.tip_brl_centavos, public.reais_of(t.tip_usd, t.brl_per_usd, t.confirmed_at))::text END,
             CASE WHEN p.kind = 'sale' AND t.tip_usd > 0 THEN t.tip_usd::text END,
             CASE WHEN p.kind = 'sale' THEN t.rewards_earned->>'amount_usd' END, CASE WHEN p.kind = 'sale' THEN t.rewards_earned->>'amount' END,
             t.brl_per_usd::text, t.rate_at AT TIME ZONE ${timeZone},
             coalesce(p.note, c.note), t.chain_id, coalesce(p.tx_hash, b.tx_hash, CASE WHEN p.kind = 'sale' THEN t.tx_hash END)) AS line
    FROM page p
    JOIN transactions t ON t.id = p.sale_id
    LEFT JOIN users u ON u.id = t.from_user_id
    LEFT JOIN charges c ON c.id = t.charge_id
    LEFT JOIN users m ON m.id = c.created_by
    LEFT JOIN tills l ON l.id = c.till_id
    LEFT JOIN transactions b ON b.id = p.paid_by
    ORDER BY p.at, p.id) x`;
  return page ?? NO_PAGE;
}

/** A row comes as one JSON text: taking twenty columns apart one by one is most of what a long file costs. */
type Columns = [
  kind: LineKind, id: string, saleId: string, at: string, atUtc: string, payer: string | null, origin: ExportLine["origin"], seller: string | null, till: string | null, code: string | null,
  brl: string, usd: string, tipBrl: string | null, tipUsd: string | null, rewardUsd: string | null, rewardUnits: string | null, rate: string | null, rateAt: string | null, note: string | null,
  chainId: ChainId, txHash: string | null,
];
const linesOf = (text: string): ExportLine[] => (JSON.parse(`[${text}]`) as Columns[]).map(lineOf);
function lineOf([kind, id, saleId, at, atUtc, payer, origin, seller, till, code, brl, usd, tipBrl, tipUsd, rewardUsd, rewardUnits, rate, rateAt, note, chainId, txHash]: Columns): ExportLine {
  return {
    kind, id, saleId, at: toTheSecond(at), atUtc: toTheMicrosecond(atUtc), payer, origin, seller, till, code, brl, usd, tipBrl: tipBrl ?? "0", tipUsd: tipUsd ?? NO_USD, rewardUsd: rewardUsd ?? NO_USD,
    rewardUnits, rate, rateAt: rateAt && toTheSecond(rateAt), note, chainId, txHash,
  };
}
const NO_USD = "0.000000";
/** JSON's own times ("2026-11-22T14:02:37.5") cost the database a third of spelled ones. */
const toTheSecond = (time: string) => `${time.slice(0, 10)} ${time.slice(11, 19)}`;
const toTheMicrosecond = (time: string) => `${(time.length > 19 ? time : `${time}.`).padEnd(26, "0")}Z`;

/**
 * All movements of a window, a page at a time, oldest first. The next page is asked for before the present one is taken apart and written, and none while
 * the caller rests: two pages are all that is held, no connection is kept, however long the window and however slow the reader.
 */
export async function* readLines(window: StoreWindow, { pageSize = LINES_A_PAGE }: { pageSize?: number } = {}): AsyncGenerator<ExportLine[]> {
  let page = await readPage(window, { at: window.from.toISOString(), id: FIRST_ID }, pageSize);
  while (page.text !== null) {
    const next = page.at !== null && page.id !== null ? readPage(window, { at: page.at, id: page.id }, pageSize) : Promise.resolve(NO_PAGE);
    // A reader that leaves before its end must not turn the page under way into an unhandled failure; whoever stays meets it below.
    next.catch(() => {});
    yield linesOf(page.text);
    page = await next;
  }
}

/** How many movements a window has, counted no further than a bound. */
export async function countLines({ storeId, from, to }: StoreWindow, bound: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM transactions t WHERE t.store_id = ${storeId} AND t.type = 'payment' AND t.status = 'confirmed' AND t.confirmed_at >= ${from} AND t.confirmed_at < ${to}
      UNION ALL SELECT 1 FROM refunds r WHERE r.store_id = ${storeId} AND r.status = 'refunded' AND r.completed_at >= ${from} AND r.completed_at < ${to}
      UNION ALL SELECT 1 FROM outside_payments o WHERE o.store_id = ${storeId} AND o.refund_status = 'refunded' AND o.refunded_at >= ${from} AND o.refunded_at < ${to}
      LIMIT ${bound}) lines`;
  return row?.count ?? 0;
}
