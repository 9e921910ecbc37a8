import { describe, expect, test } from "vitest";
import type { QuickItem } from "@/lib/charges/queries";
import { contentsOf, emptySale, HELD_MAX, isEmptySale, keptOf, NOTHING_KEPT, park, saleOf, totalCents, unpark, withItem, withPrices, type Kept } from "./sale";

const coffee: QuickItem = { id: "coffee", name: "Café coado", category: null, priceBrlCentavos: "700" };
const bread: QuickItem = { id: "bread", name: "Pão na chapa", category: null, priceBrlCentavos: "950" };

describe("a sale", () => {
  test("is what was typed and its items", () => {
    const sale = withItem(withItem(withItem({ ...emptySale("1"), typedCents: "250" }, coffee, 1), coffee, 1), bread, 1);
    expect([totalCents(sale), sale.items.map(({ quantity }) => quantity)]).toEqual([2_600n, [2, 1]]);
    expect(totalCents(withItem(withItem(sale, coffee, -1), bread, -1))).toBe(950n);
    expect(withItem(emptySale("1"), coffee, -1).items).toEqual([]);
  });

  test("with an item is in reais: dollars that were typed do not become reais", () => {
    expect(withItem({ ...emptySale("1"), currency: "USD", typedCents: "500" }, coffee, 1)).toMatchObject({ currency: "BRL", typedCents: "0" });
  });

  test("taken up again has today's prices and nothing that is gone", () => {
    const sale = withItem(withItem(emptySale("1"), coffee, 1), bread, 1);
    expect(withPrices(sale, [{ ...coffee, name: "Café", priceBrlCentavos: "800" }]).items).toEqual([{ itemId: "coffee", name: "Café", unitBrlCentavos: "800", quantity: 1 }]);
  });

  test("comes back from the charge that was made of it", () => {
    const lines = [{ itemId: "coffee", name: "Café coado", quantity: 2, unitBrlCentavos: "700" }, { itemId: null, name: "", quantity: 1, unitBrlCentavos: "250" }];
    expect(saleOf({ currency: "BRL", amountUsdMicros: "3000000", amountBrlCentavos: "1650", note: "Mesa 4", lines }, "2")).toEqual({ ...withItem(withItem({ ...emptySale("2"), typedCents: "250" }, coffee, 1), coffee, 1), note: "Mesa 4" });
    expect(totalCents(saleOf({ currency: "USD", amountUsdMicros: "7000000", amountBrlCentavos: "3850", note: null, lines: [] }, "2"))).toBe(700n);
  });

  test("that changes is another to the server, also by its tip or its customer", () => {
    const sale = { ...emptySale("1"), typedCents: "100" };
    const all = [contentsOf(sale, false, null), contentsOf(sale, true, null), contentsOf(sale, false, "ABC"), contentsOf({ ...sale, note: "Mesa 4" }, false, null), contentsOf({ ...sale, currency: "USD" }, false, null)];
    expect(new Set(all).size).toBe(all.length);
    expect(contentsOf({ ...sale, id: "2" }, false, null)).toBe(all[0]);
  });
});

describe("what a device keeps", () => {
  const sale = withItem({ ...emptySale("1"), typedCents: "100", note: "Mesa 4" }, coffee, 1);
  test("comes back as it was, and goes when it is used", () => {
    const kept = park({ ...NOTHING_KEPT, isTipAllowed: true }, sale);
    expect(keptOf(JSON.stringify(kept))).toEqual(kept);
    expect(unpark(kept, "1")).toEqual({ held: [], isTipAllowed: true });
  });

  test("is bounded, the newest first, and one sale is parked once", () => {
    let kept: Kept = NOTHING_KEPT;
    for (let index = 0; index < HELD_MAX + 5; index += 1) kept = park(kept, { ...sale, id: String(index) });
    kept = park(kept, { ...sale, id: "7" });
    expect([kept.held.length, kept.held[0]?.id, kept.held.filter(({ id }) => id === "7").length]).toEqual([HELD_MAX, "7", 1]);
  });

  test.each([null, "", "{", "[]", "7", '{"held":7}', '{"held":[{"id":"1","typedCents":"-5","currency":"BRL","items":[],"note":""}]}', '{"held":[{"id":"1","typedCents":"5","currency":"EUR","items":[],"note":""}]}'])("that is not ours is nothing: %s", (text) => {
    expect(keptOf(text)).toEqual(NOTHING_KEPT);
  });

  test("loses a line that is none and keeps the sale", () => {
    const broken = JSON.stringify({ held: [{ ...sale, items: [{ itemId: "x", name: "y", unitBrlCentavos: "1e9", quantity: 1 }, ...sale.items] }] });
    expect(keptOf(broken).held[0]).toEqual(sale);
  });

  test("knows an empty sale", () => {
    expect([isEmptySale(emptySale("1")), isEmptySale(sale)]).toEqual([true, false]);
  });
});
