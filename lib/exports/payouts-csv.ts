import "server-only";
import { sql } from "@/db/client";
import type { StoreWindow } from "@/lib/analytics/read-figures";
import { chainName, type ChainId } from "@/lib/chain/chains";
import { CSV_DIALECTS, CSV_MARK, csvLine, type CsvValue, type CsvVariant } from "@/lib/csv/rules";
import type { PAYOUT_TYPES, PayoutState } from "@/lib/payouts/rules";
import { brl, localTime, usd, utcTime } from "./payments-csv";
import { PAYOUT_COLUMNS, type PayoutColumn } from "./rules";

export type PayoutWords = { columns: Record<PayoutColumn, string>; types: Record<(typeof PAYOUT_TYPES)[number], string>; states: Record<PayoutState, string> };

export type PayoutLine = {
  id: string; at: string; atUtc: string; type: (typeof PAYOUT_TYPES)[number]; destination: string | null; amountUsd: string; feeUsd: string; brl: string | null;
  state: PayoutState; completedAt: string | null; returnedAt: string | null; endToEndId: string | null; chainId: ChainId | null; txHash: string | null;
};

const PAYOUTS_A_PAGE = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** Payouts that were asked for in a window, oldest first. Where they went stands as the screens show it: keys and accounts belong to people. */
export async function* readPayoutLines({ storeId, timeZone, from, to }: StoreWindow): AsyncGenerator<PayoutLine[]> {
  let after = { at: from.toISOString(), id: FIRST_ID };
  for (;;) {
    const page = await sql<PayoutLine[]>`
      SELECT p.id, to_char(p.created_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD HH24:MI:SS') AS at, to_char(p.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "atUtc",
             p.payout_type AS type, coalesce(p.destination->>'shown', (SELECT o.name FROM users o WHERE o.id = (p.destination->>'userId')::uuid), p.destination->>'name') AS destination,
             p.amount_usd::text AS "amountUsd", p.fee_usd::text AS "feeUsd", p.amount_brl_centavos::text AS brl, p.state,
             to_char(p.completed_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD HH24:MI:SS') AS "completedAt", to_char(p.returned_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD HH24:MI:SS') AS "returnedAt",
             p.end_to_end_id AS "endToEndId", p.chain_id AS "chainId", t.tx_hash AS "txHash"
      FROM payouts p LEFT JOIN transactions t ON t.id = p.transaction_id
      WHERE p.store_id = ${storeId} AND (p.created_at, p.id) > (${after.at}::text::timestamptz, ${after.id}::uuid) AND p.created_at < ${to}
      ORDER BY p.created_at, p.id LIMIT ${PAYOUTS_A_PAGE}`;
    const last = page.at(-1);
    if (!last) return;
    yield page;
    if (page.length < PAYOUTS_A_PAGE) return;
    after = { at: last.atUtc, id: last.id };
  }
}

/** A store's payouts as a table, oldest first, one piece a page. */
export async function* payoutsCsv(window: StoreWindow, { variant, words }: { variant: CsvVariant; words: PayoutWords }): AsyncGenerator<string> {
  const dialect = CSV_DIALECTS[variant];
  yield (dialect.hasMark ? CSV_MARK : "") + csvLine(PAYOUT_COLUMNS.map((column) => words.columns[column]), dialect);
  for await (const page of readPayoutLines(window)) yield page.map((line) => csvLine(cellsOf(line, variant, words), dialect)).join("");
}

function cellsOf(line: PayoutLine, variant: CsvVariant, words: PayoutWords): CsvValue[] {
  const cells: Record<PayoutColumn, CsvValue> = {
    at: localTime(line.at, variant),
    atUtc: utcTime(line.atUtc),
    id: line.id,
    kind: words.types[line.type],
    destination: line.destination,
    amountUsd: usd(line.amountUsd),
    feeUsd: usd(line.feeUsd),
    amountBrl: line.brl === null ? null : brl(line.brl),
    state: words.states[line.state],
    completedAt: line.completedAt && localTime(line.completedAt, variant),
    returnedAt: line.returnedAt && localTime(line.returnedAt, variant),
    endToEndId: line.endToEndId,
    network: line.chainId && chainName(line.chainId),
    transactionHash: line.txHash,
  };
  return PAYOUT_COLUMNS.map((column) => cells[column]);
}
