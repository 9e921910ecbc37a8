import "server-only";
import type { DayClose } from "@/lib/analytics/queries";
import { netBrlCentavos, type Figures } from "@/lib/analytics/rules";
import { CSV_DIALECTS, CSV_MARK, csvLine, type CsvAmount, type CsvValue, type CsvVariant } from "@/lib/csv/rules";
import { brl } from "./payments-csv";
import { CLOSE_COLUMNS, type CloseColumn } from "./rules";

export type CloseWords = { columns: Record<CloseColumn, string>; noTill: string; noSeller: string; gone: string; total: string };

/** The close of a day as a table: each person at each till, and the total. */
export function closeCsv(close: Pick<DayClose, "day" | "lines" | "total">, { variant, words }: { variant: CsvVariant; words: CloseWords }): string {
  const dialect = CSV_DIALECTS[variant];
  const [year, month, dayOfMonth] = close.day.split("-");
  const day = variant === "international" ? close.day : `${dayOfMonth}/${month}/${year}`;
  const line = (till: string, seller: string, figures: Figures) => csvLine(cellsOf(day, till, seller, figures), dialect);
  return [
    dialect.hasMark ? CSV_MARK : "",
    csvLine(CLOSE_COLUMNS.map((column) => words.columns[column]), dialect),
    ...close.lines.map(({ till, seller, figures }) => line(till.id === null ? words.noTill : (till.name ?? words.gone), seller.id === null ? words.noSeller : (seller.name ?? words.gone), figures)),
    line(words.total, "", close.total),
  ].join("");
}

function cellsOf(day: string, till: string, seller: string, figures: Figures): CsvValue[] {
  const cells: Record<CloseColumn, CsvValue> = {
    day,
    till,
    seller,
    count: figures.saleCount,
    grossBrl: brl(figures.grossBrlCentavos),
    refundsBrl: brl(-figures.refundBrlCentavos),
    netBrl: brl(netBrlCentavos(figures)),
    tipsBrl: brl(figures.tipBrlCentavos),
    pixCount: figures.pixCount,
    pixBrl: brl(figures.pixBrlCentavos),
    guestCount: figures.guestCount,
    guestBrl: brl(figures.guestBrlCentavos),
    grossUsd: usdOf(figures.grossUsdMicros),
    refundsUsd: usdOf(-figures.refundUsdMicros),
  };
  return CLOSE_COLUMNS.map((column) => cells[column]);
}

const usdOf = (amount: bigint): CsvAmount => ({ amount, decimals: 6 });
