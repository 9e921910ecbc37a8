import "server-only";
import { parse } from "csv-parse/sync";
import { DomainError } from "@/lib/errors";
import { centsFromTyped } from "@/lib/money";
import { IMPORT_BYTES_MAX, itemCategoryFromTyped, itemNameFromTyped, type BadLine, type ImportedItem, type LineProblem } from "./rules";

/** Column heads in the three languages, without accents. */
const HEADS = {
  name: ["nome", "item", "produto", "name", "product", "nombre", "producto", "articulo"],
  price: ["preco", "valor", "price", "precio"],
  category: ["categoria", "grupo", "category", "group"],
  available: ["disponivel", "available", "disponible"],
} as const;
type Column = keyof typeof HEADS;

const YES = new Set(["", "sim", "s", "yes", "y", "si", "true", "1", "x"]);
const NO = new Set(["nao", "n", "no", "false", "0"]);
/** A file with more lines than this is no catalogue; the limit of items is asked later. */
const LINES_MAX = 2_000;
const SHOWN_MAX = 60;

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();

export type ReadFile = { items: ImportedItem[]; badLines: BadLine[] };

/**
 * A catalogue from a file of tables: `;` with decimal commas as Brazilian spreadsheets write it, or `,` with points; UTF-8 with or without its
 * mark, or the old Windows letters. Columns are found by name in pt, en, es. Every cell is text: nothing is ever calculated. Bad lines come
 * back with their number in the file, and what is wrong. Fails with too_large, file_invalid (no table, or no columns for name and price).
 */
export function readItemsFile(bytes: Uint8Array, priceMaxBrlCentavos: bigint): ReadFile {
  if (bytes.byteLength > IMPORT_BYTES_MAX) throw new DomainError("too_large");
  const [head, ...rows] = tableOf(textOf(bytes));
  const columns = head ? columnsOf(head.cells) : null;
  if (!columns || rows.length === 0) throw new DomainError("file_invalid");

  const read: ReadFile = { items: [], badLines: [] };
  const seen = new Set<string>();
  for (const { line, cells } of rows) {
    if (cells.every((cell) => cell.trim() === "")) continue;
    const item = itemOf(cells, columns, priceMaxBrlCentavos);
    const isTwice = !("problem" in item) && seen.has(item.name.toLowerCase());
    if ("problem" in item || isTwice) {
      const { problem, text } = "problem" in item ? item : { problem: "twice" as const, text: item.name };
      read.badLines.push({ line, problem, text: text.slice(0, SHOWN_MAX) });
      continue;
    }
    seen.add(item.name.toLowerCase());
    read.items.push(item);
  }
  if (read.items.length === 0 && read.badLines.length === 0) throw new DomainError("file_invalid");
  return read;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Rows with the number of their first line, as an editor counts. */
function tableOf(text: string): { line: number; cells: string[] }[] {
  const [first = ""] = text.split(/\r\n|\r|\n/, 1);
  try {
    const rows = parse(text, {
      bom: true,
      delimiter: first.includes(";") ? ";" : ",",
      relax_column_count: true,
      info: true,
      to: LINES_MAX + 1,
      record_delimiter: ["\r\n", "\n", "\r"],
    }) as unknown as { record: string[]; info: { lines: number } }[];
    if (rows.length > LINES_MAX) throw new DomainError("too_large");
    // `lines` is the line that a row ends on; a row with line breaks inside quotes begins earlier.
    return rows.map(({ record, info }) => ({ line: info.lines - record.join("").split(/\r\n|\r|\n/).length + 1, cells: record }));
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError("file_invalid");
  }
}

function columnsOf(heads: readonly string[]): Record<Column, number> | null {
  const at = (column: Column) => heads.findIndex((head) => (HEADS[column] as readonly string[]).includes(plain(head)));
  const columns = { name: at("name"), price: at("price"), category: at("category"), available: at("available") };
  return columns.name < 0 || columns.price < 0 ? null : columns;
}

type Wrong = { problem: LineProblem; text: string };

function itemOf(cells: readonly string[], columns: Record<Column, number>, priceMax: bigint): ImportedItem | Wrong {
  const cell = (column: Column) => unguarded(cells[columns[column]] ?? "");
  if (cells.length <= Math.max(columns.name, columns.price)) return { problem: "columns", text: cells.join(" ") };
  const name = orNull(() => itemNameFromTyped(cell("name")));
  if (name === null) return { problem: "name", text: cell("name") };
  const price = priceOf(cell("price"));
  if (typeof price !== "bigint") return { problem: price, text: cell("price") };
  if (price > priceMax) return { problem: "price_too_large", text: cell("price") };
  const category = orNull(() => ({ text: itemCategoryFromTyped(cell("category")) }));
  if (category === null) return { problem: "category", text: cell("category") };
  const available = plain(cell("available"));
  if (!YES.has(available) && !NO.has(available)) return { problem: "available", text: cell("available") };
  return { name, priceBrlCentavos: price, category: category.text, isAvailable: YES.has(available) };
}

/** Reais as a table holds them: "12" is twelve reais, "12,5" and "12.50" have centavos, and "1.234" could be two prices. */
function priceOf(text: string): bigint | LineProblem {
  try {
    const digits = text.replace(/[\s\u00a0]|R\$/g, "");
    const cents = /^\d{1,9}$/.test(digits) ? BigInt(digits) * 100n : centsFromTyped(digits);
    return cents === 0n ? "price_missing" : cents;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "amount_missing") return "price_missing";
    if (error.code === "amount_ambiguous") return "price_unclear";
    return error.code === "amount_too_large" ? "price_too_large" : "price";
  }
}

/** Our own files put an apostrophe before what a spreadsheet would calculate; it is no part of the name. */
const unguarded = (cell: string): string => cell.replace(/^'(?=[=+\-@])/, "").trim();

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}
