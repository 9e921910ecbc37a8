import { expect, test } from "vitest";
import type { Locale } from "./i18n/locale";
import {
  dayKey,
  formatBrl,
  formatCents,
  formatDate,
  formatDateTime,
  formatDay,
  formatRate,
  formatRelative,
  formatTime,
  formatTimeWithSeconds,
  formatUsd,
  formatWait,
  moneyParts,
  speakMoney,
  usdCentsFromMicros,
} from "./money-format";

const N = "\u00a0";

test.each<[bigint, Locale, string]>([
  [123456n, "pt-BR", `R$${N}1.234,56`],
  [123456n, "en", "R$1,234.56"],
  [123456n, "es", `R$${N}1.234,56`],
  [3850n, "pt-BR", `R$${N}38,50`],
  [0n, "pt-BR", `R$${N}0,00`],
  [4n, "pt-BR", `R$${N}0,04`],
  [100n, "en", "R$1.00"],
  [100_000_000n, "pt-BR", `R$${N}1.000.000,00`],
  [-3850n, "pt-BR", `\u2212R$${N}38,50`],
  [9_007_199_254_740_993n, "en", "R$90,071,992,547,409.93"],
])("%s centavos in %s", (centavos, locale, text) => {
  expect(formatBrl(centavos, locale)).toBe(text);
});

test.each<[bigint, Locale, string]>([
  [57_500_000n, "pt-BR", `US$${N}57,50`],
  [224_470_000n, "pt-BR", `US$${N}224,47`],
  [224_470_000n, "en", "US$224.47"],
  [224_470_000n, "es", `US$${N}224,47`],
  [9_999n, "pt-BR", `US$${N}0,00`],
  [19_999n, "pt-BR", `US$${N}0,01`],
  [999_999n, "en", "US$0.99"],
])("%s micro-dollars in %s are rounded down", (micros, locale, text) => {
  expect(formatUsd(micros, locale)).toBe(text);
});

test("prices may be rounded up, balances never", () => {
  expect(usdCentsFromMicros(7_000_001n, "up")).toBe(701n);
  expect(usdCentsFromMicros(7_000_000n, "up")).toBe(700n);
  expect(usdCentsFromMicros(7_009_999n)).toBe(700n);
});

test("a plus stands on money in only", () => {
  expect(formatBrl(3000n, "pt-BR", "plus")).toBe(`+${N}R$${N}30,00`);
  expect(formatBrl(-3000n, "pt-BR", "plus")).toBe(`\u2212R$${N}30,00`);
  expect(formatBrl(0n, "pt-BR", "plus")).toBe(`R$${N}0,00`);
});

test("pieces for the display", () => {
  expect(moneyParts(123456n, "BRL", "pt-BR")).toEqual({ sign: "", symbol: "R$", number: "1.234,56", spaced: true });
  expect(formatCents(700n, "USD", "en")).toBe("US$7.00");
});

test.each<[bigint, Locale, string]>([
  [5_500_000n, "pt-BR", `R$${N}5,50`],
  [5_504_999n, "pt-BR", `R$${N}5,50`],
  [5_505_000n, "en", "R$5.51"],
])("the rate %s in %s", (rate, locale, text) => {
  expect(formatRate(rate, locale)).toBe(text);
});

test.each<[bigint, "BRL" | "USD", Locale, string]>([
  [3850n, "BRL", "pt-BR", "38 reais e 50 centavos"],
  [100n, "BRL", "pt-BR", "1 real"],
  [101n, "BRL", "pt-BR", "1 real e 1 centavo"],
  [50n, "BRL", "pt-BR", "50 centavos"],
  [0n, "BRL", "pt-BR", "0 reais"],
  [-200n, "BRL", "pt-BR", "menos 2 reais"],
  [101n, "USD", "en", "1 dollar and 1 cent"],
  [5750n, "USD", "es", "57 dólares y 50 centavos"],
])("%s cents of %s spoken in %s", (cents, currency, locale, text) => {
  expect(speakMoney(cents, currency, locale)).toBe(text);
});

const AT = new Date("2026-11-22T17:02:37Z");

test("times stand in São Paulo unless the store says another zone", () => {
  expect(formatTime(AT, "pt-BR")).toBe("14:02");
  expect(formatTime(AT, "es")).toBe("14:02");
  expect(formatTime(AT, "en")).toBe("2:02 PM");
  expect(formatTime(AT, "pt-BR", "America/Manaus")).toBe("13:02");
  expect(formatTime(new Date("2026-11-22T03:05:00Z"), "es")).toBe("00:05");
  expect(formatTimeWithSeconds(AT, "pt-BR")).toBe("14:02:37");
  expect(formatDate(AT, "en")).toBe("Nov 22, 2026");
  expect(formatDateTime(AT, "en")).toBe("Nov 22, 2026, 2:02 PM");
  expect(dayKey(new Date("2026-11-22T02:59:00Z"))).toBe("2026-11-21");
});

test("days and spans in words", () => {
  expect(formatDay(AT, AT, "pt-BR")).toBe("hoje");
  expect(formatDay(new Date("2026-11-22T02:00:00Z"), AT, "pt-BR")).toBe("ontem");
  expect(formatDay(new Date("2026-11-02T17:00:00Z"), AT, "en")).toBe("Nov 2, 2026");
  expect(formatRelative(new Date(AT.getTime() - 20_000), AT, "pt-BR")).toBe("agora");
  expect(formatRelative(new Date(AT.getTime() - 300_000), AT, "pt-BR")).toBe("há 5 minutos");
  expect(formatRelative(new Date(AT.getTime() - 7_200_000), AT, "en")).toBe("2 hours ago");
});

test.each<[number, Locale, string]>([
  [47, "pt-BR", "47 segundos"],
  [1, "pt-BR", "1 segundo"],
  [0, "en", "1 second"],
  [60, "en", "60 seconds"],
  [90, "pt-BR", "2 minutos"],
  [900, "es", "15 minutos"],
  [7200, "en", "2 hours"],
])("a wait of %d s in %s", (seconds, locale, text) => {
  expect(formatWait(seconds, locale)).toBe(text);
});
