import "server-only";
import { readFigures, type StoreWindow } from "@/lib/analytics/read-figures";
import { NO_FIGURES, type Day, type Figures } from "@/lib/analytics/rules";
import { countLines, readLines, type ExportLine } from "./read-lines";
import { STATEMENT_LINES_MAX } from "./rules";

/** What a statement on paper says: each movement, or each day where there are too many. */
export type Statement = { total: Figures; lines: ExportLine[] | null; days: { day: Day; figures: Figures }[] };

/** A window's movements, within bounds: paper is drawn in memory. */
export async function readStatement(window: StoreWindow): Promise<Statement> {
  const [read, count] = await Promise.all([readFigures(window), countLines(window, STATEMENT_LINES_MAX + 1)]);
  const days = [...read.byDay].toSorted(([a], [b]) => a.localeCompare(b)).map(([day, figures]) => ({ day, figures }));
  if (count > STATEMENT_LINES_MAX) return { total: read.total, lines: null, days };
  const lines: ExportLine[] = [];
  for await (const page of readLines(window)) lines.push(...page);
  // The lines are what the paper shows, so its totals are theirs, whatever was paid between the two questions.
  return { total: lines.length === 0 ? NO_FIGURES : totalOf(lines, read.total), lines, days };
}

function totalOf(lines: readonly ExportLine[], read: Figures): Figures {
  const sales = lines.filter(({ kind }) => kind === "sale");
  const refunds = lines.filter(({ kind }) => kind === "refund");
  const sum = (of: readonly ExportLine[], amount: (line: ExportLine) => string) => of.reduce((total, line) => total + BigInt(amount(line)), 0n);
  return {
    ...read,
    saleCount: sales.length,
    refundCount: refunds.length,
    grossBrlCentavos: sum(sales, ({ brl }) => brl),
    tipBrlCentavos: sum(sales, ({ tipBrl }) => tipBrl),
    refundBrlCentavos: -sum(refunds, ({ brl }) => brl),
  };
}
