import { DomainError } from "@/lib/errors";
import { centsFromTyped } from "@/lib/money";
import { cleanText } from "@/lib/stores/rules";

export const ITEM_NAME_LENGTH_MAX = 80;
export const ITEM_CATEGORY_LENGTH_MAX = 40;
/** A small catalogue: what fits a till, not a warehouse. */
export const ITEMS_MAX = 300;
/** Below the 64 KB that a form may bring (lib/action). */
export const IMPORT_BYTES_MAX = 60 * 1024;

/** What a shop sells, as its pages show it. */
export type StoreItem = { id: string; name: string; category: string | null; priceBrlCentavos: bigint; isAvailable: boolean };
/** Items of one category, in the store's order. */
export type ItemGroup = { category: string | null; items: StoreItem[] };

export const MOVES = ["up", "down"] as const;
export type Move = (typeof MOVES)[number];

/** 1 to 80 visible letters in one line, without markup. Fails with item_name_invalid. */
export function itemNameFromTyped(text: string): string {
  const name = cleanText(text, 1, ITEM_NAME_LENGTH_MAX);
  if (name === null || name.length > ITEM_NAME_LENGTH_MAX) throw new DomainError("item_name_invalid");
  return name;
}

/** The store's own word for a group of items, or none. Fails with item_category_invalid. */
export function itemCategoryFromTyped(text: string): string | null {
  if (text.trim() === "") return null;
  const category = cleanText(text, 1, ITEM_CATEGORY_LENGTH_MAX);
  if (category === null || category.length > ITEM_CATEGORY_LENGTH_MAX) throw new DomainError("item_category_invalid");
  return category;
}

/** A price in centavos as the form sends it (4500 is 45,00), or as amounts are pasted. Fails with amount_*; a price of nothing is none. */
export function itemPriceFromTyped(text: string): bigint {
  const cents = centsFromTyped(text);
  if (cents === 0n) throw new DomainError("amount_missing");
  return cents;
}

/** Names and categories that differ in capitals alone are one; the index of store_items says the same. */
export const sameText = (a: string | null, b: string | null): boolean => (a ?? "").toLowerCase() === (b ?? "").toLowerCase();

/** Items in the store's order, by category; a category stands where its first item stands. */
export function groupItems(items: readonly StoreItem[]): ItemGroup[] {
  const groups: ItemGroup[] = [];
  for (const item of items) {
    const group = groups.find(({ category }) => sameText(category, item.category));
    if (group) group.items.push(item);
    else groups.push({ category: item.category, items: [item] });
  }
  return groups;
}

/** The order after one step of an item past its neighbour in the same category; the same order at its ends. */
export function movedOrder(items: readonly { id: string; category: string | null }[], itemId: string, move: Move): string[] {
  const order = items.map(({ id }) => id);
  const at = order.indexOf(itemId);
  const item = items[at];
  if (!item) return order;
  const step = move === "up" ? -1 : 1;
  for (let to = at + step; to >= 0 && to < items.length; to += step) {
    if (!sameText(items[to]?.category ?? null, item.category)) continue;
    [order[at], order[to]] = [order[to] ?? "", item.id];
    break;
  }
  return order;
}

/** What a line of a file may be wrong about, each with its sentence in items.problems. */
export const LINE_PROBLEMS = ["name", "category", "price_missing", "price", "price_unclear", "price_too_large", "available", "twice", "columns"] as const;
export type LineProblem = (typeof LINE_PROBLEMS)[number];
export type BadLine = { line: number; problem: LineProblem; text: string };

export type ImportedItem = { name: string; category: string | null; priceBrlCentavos: bigint; isAvailable: boolean };

/** What a file would do, or did: all of it or nothing. */
export type ImportOutcome =
  | { kind: "refused"; badLines: BadLine[] }
  | { kind: "preview" | "done"; added: number; updated: number };
