import { describe, expect, test } from "vitest";
import { CODE_ALPHABET, categoryFromTyped, placeFromTyped, readinessOf, rewardRateFromTyped, shortCodeFromBytes, shortCodeFromTyped, splitByRewardRate, storeNameFromTyped, symbolFromTyped, symbolSuggestions, timeZoneFromTyped } from "./rules";

describe("storeNameFromTyped", () => {
  test.each([
    ["  Café   da\u00a0Praia ", "Café da Praia"],
    ["Cafe\u0301", "Café"],
    ["Bar 1", "Bar 1"],
    ["D'Ávila & Filhos \"O Mar\"", "D'Ávila & Filhos \"O Mar\""],
    ["مقهى الشاطئ", "مقهى الشاطئ"],
    ["x".repeat(60), "x".repeat(60)],
    ["Sorvete 🍦", "Sorvete 🍦"],
  ])("%j is kept as %j", (typed, kept) => expect(storeNameFromTyped(typed)).toBe(kept));

  test.each([
    ["empty", ""],
    ["one letter", "a"],
    ["too long", "x".repeat(61)],
    ["markup", "<b>Café</b>"],
    ["a script", "<script>alert(1)</script>"],
    ["right-to-left override", "Café \u202Eaiarp"],
    ["right-to-left mark", "Café\u200F"],
    ["isolates", "\u2067Café\u2069"],
    ["zero width space", "Ca\u200Bfé"],
    ["a control character", "Caf\u0000é"],
    ["only marks", "\u0301\u0301"],
    ["only blanks that count as letters", "\u3164\u3164\u3164"],
    ["stacked marks", `C${"\u0336".repeat(8)}afé`],
    ["only signs", "!!! ***"],
  ])("%s is refused", (_name, typed) => expect(() => storeNameFromTyped(typed)).toThrow("store_name_invalid"));
});

test.each(["", "ab", "\u202Emar", "<i>rua</i>", "x".repeat(161)])("place %j is refused", (typed) => {
  expect(() => placeFromTyped(typed)).toThrow("place_invalid");
});
test("a place is kept", () => expect(placeFromTyped(" Rua do Mar, 120 – Barra da Lagoa ")).toBe("Rua do Mar, 120 – Barra da Lagoa"));

describe("symbols", () => {
  test.each([["cafe", "CAFE"], [" Praia ", "PRAIA"], ["ABCDEFGHIJ", "ABCDEFGHIJ"]])("%j is %j", (typed, kept) => expect(symbolFromTyped(typed)).toBe(kept));
  test.each(["", "AB", "ABCDEFGHIJK", "CAF3", "CAFÉ", "CA FE", "ＣＡＦＥ", "<B>"])("%j is refused", (typed) => expect(() => symbolFromTyped(typed)).toThrow("symbol_invalid"));
  test.each(["usdc", "BRL", "CocoPay"])("%j is reserved", (typed) => expect(() => symbolFromTyped(typed)).toThrow("symbol_taken"));

  test("a name suggests several", () => {
    expect(symbolSuggestions("Café da Praia").slice(0, 4)).toEqual(["CAFE", "CAFEPRAIA", "PRAIACAFE", "CDPRAIA"]);
  });
  test.each(["Café da Praia", "Bar", "Zé", "مقهى", "", "Açaí do Sul do Mundo Inteiro", "1234", "Padaria Pão & Cia"])("every suggestion for %j is a valid symbol", (name) => {
    for (const suggestion of symbolSuggestions(name)) expect(symbolFromTyped(suggestion)).toBe(suggestion);
  });
});

test("a category is one of the list", () => {
  expect(categoryFromTyped("cafe")).toBe("cafe");
  expect(() => categoryFromTyped("casino")).toThrow("category_invalid");
});

test.each([["100", 100], ["500", 500], ["2000", 2000]])("rate %s is allowed", (typed, bps) => expect(rewardRateFromTyped(typed)).toBe(bps));
test.each(["", "50", "99", "2050", "125", "5e2", "-500", "500.0", "٥٠٠"])("rate %j is refused", (typed) => expect(() => rewardRateFromTyped(typed)).toThrow("reward_rate_invalid"));

test("short codes avoid what people confuse, and forgive how they are typed", () => {
  expect(CODE_ALPHABET).toHaveLength(32);
  expect(CODE_ALPHABET).not.toMatch(/[IO01]/);
  const all = new Set(Array.from({ length: 256 }, (_, byte) => shortCodeFromBytes(new Uint8Array(6).fill(byte))));
  expect(all.size).toBe(32);
  expect(shortCodeFromTyped(" ca-fe 27 ")).toBe("CAFE27");
  expect(shortCodeFromTyped("CAFE0I")).toBeNull();
  expect(shortCodeFromTyped("CAFE")).toBeNull();
});

test("reward and rest add up", () => {
  expect(splitByRewardRate(10_000n, 500)).toEqual({ reward: 500n, kept: 9_500n });
  expect(splitByRewardRate(3_333n, 750)).toEqual({ reward: 249n, kept: 3_084n });
});

test("an unknown zone becomes the default", () => {
  expect(timeZoneFromTyped("America/Manaus")).toBe("America/Manaus");
  for (const typed of [undefined, "", "Mars/Olympus", "UTC", "Etc/GMT+3", "x".repeat(100), "'; drop table"]) expect(timeZoneFromTyped(typed)).toBe("America/Sao_Paulo");
});

test.each([
  [["deployed", "deployed"], "ready"],
  [["deployed", "failed"], "partly_ready"],
  [["deployed", "deploying"], "partly_ready"],
  [["failed", "pending"], "preparing"],
  [["failed", "failed"], "failed"],
  [["pending", "deploying"], "preparing"],
  [[], "preparing"],
] as const)("%j is %s", (statuses, readiness) => expect(readinessOf(statuses)).toBe(readiness));
