import type { QuickItem } from "@/lib/charges/queries";
import { CHARGE_LINES_MAX, LINE_QUANTITY_MAX, sumOfLines, type ChargeLine } from "@/lib/charges/rules";
import { USD_MICROS_PER_CENT, type Currency } from "@/lib/money";

export type SaleItem = { itemId: string; name: string; unitBrlCentavos: string; quantity: number };

/** A sale before it is charged. Pure and JSON: a parked one waits on the device. */
export type Sale = {
  id: string;
  /** What was typed beside the items, in cents of the currency, as text. */
  typedCents: string;
  currency: Currency;
  items: readonly SaleItem[];
  note: string;
};

/** Nothing yet, in the currency that the store counts in. */
export const emptySale = (id: string, currency: Currency = "BRL"): Sale => ({ id, typedCents: "0", currency, items: [], note: "" });

export const isEmptySale = ({ typedCents, items, note }: Sale): boolean => typedCents === "0" && items.length === 0 && note === "";

/** The whole of a sale in cents of its currency. */
export const totalCents = ({ typedCents, items }: Sale): bigint => BigInt(typedCents) + sumOfLines(items);

/** A charge as the sale that it was made of, to be changed or charged anew. */
export function saleOf({ currency, amountUsdMicros, amountBrlCentavos, note, lines }: Charged, id: string): Sale {
  const items = lines.flatMap(({ itemId, name, unitBrlCentavos, quantity }) => (itemId === null ? [] : [{ itemId, name, unitBrlCentavos, quantity }]));
  const cents = currency === "BRL" ? BigInt(amountBrlCentavos) : BigInt(amountUsdMicros) / USD_MICROS_PER_CENT;
  return { id, currency, items, note: note ?? "", typedCents: (cents - sumOfLines(items)).toString() };
}
type Charged = { currency: Currency; amountUsdMicros: string; amountBrlCentavos: string; note: string | null; lines: readonly ChargeLine[] };

/** What items are good for in centavos. */
export const itemsCents = ({ items }: Sale): bigint => sumOfLines(items);

/** One more, or one less, of an item; a line that reaches nothing goes. Items are priced in reais, so the first one makes it a sale in reais. */
export function withItem(sale: Sale, item: QuickItem, change: 1 | -1): Sale {
  const known = sale.items.find(({ itemId }) => itemId === item.id);
  if (!known) {
    if (change < 0 || sale.items.length >= CHARGE_LINES_MAX) return sale;
    const line = { itemId: item.id, name: item.name, unitBrlCentavos: item.priceBrlCentavos, quantity: 1 };
    return { ...sale, currency: "BRL", typedCents: sale.currency === "BRL" ? sale.typedCents : "0", items: [...sale.items, line] };
  }
  const quantity = Math.min(LINE_QUANTITY_MAX, known.quantity + change);
  return { ...sale, items: quantity < 1 ? sale.items.filter((line) => line !== known) : sale.items.map((line) => (line === known ? { ...line, quantity } : line)) };
}

/** A sale with the names and prices of now; what the store no longer has is gone. */
export function withPrices(sale: Sale, items: readonly QuickItem[]): Sale {
  return {
    ...sale,
    items: sale.items.flatMap((line) => {
      const item = items.find(({ id }) => id === line.itemId);
      return item ? [{ ...line, name: item.name, unitBrlCentavos: item.priceBrlCentavos }] : [];
    }),
  };
}

/** What two sends of the same sale have in common: while it is equal, the key stays. */
export const contentsOf = (sale: Sale, isTipAllowed: boolean, customerCode: string | null): string => JSON.stringify([sale.currency, sale.typedCents, sale.items, sale.note.trim(), isTipAllowed, customerCode]);

/** What a till keeps on its device: parked sales, newest first, and whether its charges take tips. */
export type Kept = { held: readonly Sale[]; isTipAllowed: boolean };
export const NOTHING_KEPT: Kept = { held: [], isTipAllowed: false };
export const HELD_MAX = 20;

export const park = (kept: Kept, sale: Sale): Kept => ({ ...kept, held: [sale, ...kept.held.filter(({ id }) => id !== sale.id)].slice(0, HELD_MAX) });
export const unpark = (kept: Kept, id: string): Kept => ({ ...kept, held: kept.held.filter((sale) => sale.id !== id) });

const TEXT_MAX = 200;
const isText = (value: unknown): value is string => typeof value === "string" && value.length <= TEXT_MAX;
const isCents = (value: unknown): value is string => isText(value) && /^\d{1,12}$/.test(value);

/** What a device kept, as far as it is ours: anybody may write there, and an older app may have. */
export function keptOf(text: string | null): Kept {
  const value = readJson(text);
  if (!isRecord(value)) return NOTHING_KEPT;
  const held = Array.isArray(value["held"]) ? value["held"].slice(0, HELD_MAX).flatMap((sale: unknown) => keptSaleOf(sale) ?? []) : [];
  return { held, isTipAllowed: value["isTipAllowed"] === true };
}

function keptSaleOf(value: unknown): Sale | null {
  if (!isRecord(value)) return null;
  const { id, typedCents, currency, items, note } = value;
  if (!isText(id) || !isCents(typedCents) || (currency !== "BRL" && currency !== "USD") || !isText(note) || !Array.isArray(items)) return null;
  return { id, typedCents, currency, note, items: items.slice(0, CHARGE_LINES_MAX).flatMap((line: unknown) => lineOf(line) ?? []) };
}

function lineOf(value: unknown): SaleItem | null {
  if (!isRecord(value)) return null;
  const { itemId, name, unitBrlCentavos, quantity } = value;
  const isCount = typeof quantity === "number" && Number.isInteger(quantity) && quantity >= 1 && quantity <= LINE_QUANTITY_MAX;
  return isText(itemId) && isText(name) && isCents(unitBrlCentavos) && isCount ? { itemId, name, unitBrlCentavos, quantity } : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function readJson(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
