/** How a file of tables is spelled. `decimal` stands in amounts; the byte order mark tells spreadsheets of the home country that it is UTF-8. */
export type CsvDialect = { separator: ";" | ","; decimal: "," | "."; hasMark: boolean };

/** What spreadsheets of the home country open by themselves, and what everybody else's do (RAILS.md §11). */
export const CSV_DIALECTS = {
  "pt-BR": { separator: ";", decimal: ",", hasMark: true },
  international: { separator: ",", decimal: ".", hasMark: false },
} as const satisfies Record<string, CsvDialect>;
export type CsvVariant = keyof typeof CSV_DIALECTS;
export const CSV_VARIANTS = ["pt-BR", "international"] as const satisfies readonly CsvVariant[];

export const CSV_MARK = "\ufeff";
const CRLF = "\r\n";

/** A whole number of the smallest unit, written with so many decimals: `{ amount: -1250n, decimals: 2 }` is -12,50. */
export type CsvAmount = { amount: bigint; decimals: number };
/** A number with a point as the database writes it: `{ decimal: "7.000001" }`. */
export type CsvDecimal = { decimal: string };
export type CsvValue = string | number | boolean | CsvAmount | CsvDecimal | null;

/** What a cell may begin with to be taken for a formula by a spreadsheet. */
const FORMULA = /^[=+\-@\t\r\n]/;

const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9 :./_-]*[A-Za-z0-9.])?$/;

/** One cell: a spreadsheet must not run what somebody typed as a name, so a text like a formula gets an apostrophe. Numbers of ours stay numbers. */
export function csvCell(value: CsvValue, { separator, decimal }: Pick<CsvDialect, "separator" | "decimal"> = CSV_DIALECTS["pt-BR"]): string {
  if (value === null) return "";
  if (typeof value === "object") return "decimal" in value ? decimalText(value, decimal, separator) : amountText(value, decimal, separator);
  const text = String(value);
  // Most cells: letters, digits and what stands in ids, times and names, of which a spreadsheet makes nothing.
  if (PLAIN.test(text)) return text;
  const safe = typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
  return /["\r\n]/.test(safe) || safe.includes(separator) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of cells, with its end. */
export const csvLine = (values: readonly CsvValue[], dialect: CsvDialect): string => values.map((value) => csvCell(value, dialect)).join(dialect.separator) + CRLF;

const NUMBER = /^-?\d+(?:\.\d+)?$/;
function decimalText({ decimal: text }: CsvDecimal, decimal: string, separator: string): string {
  // Only a number goes unquoted.
  if (!NUMBER.test(text)) throw new Error(`Not a number: ${text}`);
  const spelled = decimal === "." ? text : text.replace(".", decimal);
  return spelled.includes(separator) ? `"${spelled}"` : spelled;
}

function amountText({ amount, decimals }: CsvAmount, decimal: string, separator: string): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const text = `${amount < 0n ? "-" : ""}${whole}${decimals > 0 ? decimal + digits.slice(-decimals) : ""}`;
  return text.includes(separator) ? `"${text}"` : text;
}
