import "server-only";
import type { StoreWindow } from "@/lib/analytics/read-figures";
import { chainName } from "@/lib/chain/chains";
import { CSV_DIALECTS, CSV_MARK, csvLine, type CsvAmount, type CsvDecimal, type CsvValue, type CsvVariant } from "@/lib/csv/rules";
import { readLines, type ExportLine } from "./read-lines";
import { PAYMENT_COLUMNS, type LineKind, type LineState, type PaymentColumn, type Way } from "./rules";

/** The words of the file, in its language. */
export type PaymentWords = { columns: Record<PaymentColumn, string>; kinds: Record<LineKind, string>; ways: Record<Way, string>; states: Record<LineState, string>; removed: string };

/** A store's sales and refunds as a table, oldest first, one piece a page. */
export async function* paymentsCsv(store: { name: string }, window: StoreWindow, { variant, words }: { variant: CsvVariant; words: PaymentWords }): AsyncGenerator<string> {
  const dialect = CSV_DIALECTS[variant];
  yield (dialect.hasMark ? CSV_MARK : "") + csvLine(PAYMENT_COLUMNS.map((column) => words.columns[column]), dialect);
  for await (const page of readLines(window)) {
    let piece = "";
    for (const line of page) piece += csvLine(cellsOf(store, line, variant, words), dialect);
    yield piece;
  }
}

/** In the order of PAYMENT_COLUMNS. */
function cellsOf(store: { name: string }, line: ExportLine, variant: CsvVariant, words: PaymentWords): CsvValue[] {
  const cells: Record<PaymentColumn, CsvValue> = {
    at: localTime(line.at, variant),
    atUtc: utcTime(line.atUtc),
    id: line.id,
    kind: words.kinds[line.kind],
    saleId: line.saleId,
    store: store.name,
    payer: line.payer,
    way: words.ways[line.origin ?? "account"],
    seller: line.seller,
    till: line.till,
    code: line.code,
    amountBrl: brl(line.brl),
    tipBrl: brl(line.tipBrl),
    amountUsd: usd(line.usd),
    tipUsd: usd(line.tipUsd),
    rate: line.rate === null ? null : usd(line.rate),
    rateAt: line.rateAt && localTime(line.rateAt, variant),
    // Nobody pays either: the fee of the network is ours.
    networkFee: NOTHING,
    serviceFee: NOTHING,
    rewardUsd: usd(line.rewardUsd),
    rewardUnits: line.rewardUnits === null ? null : { amount: BigInt(line.rewardUnits), decimals: 18 },
    note: line.note,
    network: chainName(line.chainId),
    transactionHash: line.txHash,
    state: words.states[line.kind === "refund" ? "refunded" : "paid"],
  };
  return PAYMENT_COLUMNS.map((column) => cells[column]);
}

const NOTHING: CsvAmount = { amount: 0n, decimals: 2 };
export const usd = (decimal: string): CsvDecimal => ({ decimal });
export const brl = (centavos: string | bigint): CsvAmount => ({ amount: BigInt(centavos), decimals: 2 });

/** "2026-11-22 14:02:37" as spreadsheets of the home country read times: 22/11/2026 14:02:37. */
export const localTime = (text: string, variant: CsvVariant): string =>
  variant === "international" ? text : `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(0, 4)}${text.slice(10)}`;

/** To the millisecond, as everything else of ours says times. */
export const utcTime = (text: string): string => `${text.slice(0, 23)}Z`;
