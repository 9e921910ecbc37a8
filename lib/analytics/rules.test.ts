import { describe, expect, test } from "vitest";
import { DomainError } from "@/lib/errors";
import { averageBrlCentavos, barOf, byMeans, byMonth, changePercent, daysOf, neighboursOf, NO_FIGURES, periodAround, periodOf, permille, previousOf, queryOf, splitWindow, weekOf, type Period } from "./rules";

const TODAY = "2026-11-22"; // a Sunday

describe("periods", () => {
  test.each<[Record<string, string>, Period]>([
    [{}, { kind: "month", from: "2026-11-01", to: "2026-12-01" }],
    [{ period: "day" }, { kind: "day", from: "2026-11-22", to: "2026-11-23" }],
    [{ period: "week" }, { kind: "week", from: "2026-11-16", to: "2026-11-23" }],
    [{ period: "week", on: "2026-11-16" }, { kind: "week", from: "2026-11-16", to: "2026-11-23" }],
    [{ period: "month", on: "2026-12-31" }, { kind: "month", from: "2026-12-01", to: "2027-01-01" }],
    [{ period: "month", on: "2024-02-29" }, { kind: "month", from: "2024-02-01", to: "2024-03-01" }],
    [{ period: "range", from: "2026-11-01", to: "2026-11-01" }, { kind: "range", from: "2026-11-01", to: "2026-11-02" }],
    [{ period: "range", from: "2025-11-22", to: "2026-11-22" }, { kind: "range", from: "2025-11-22", to: "2026-11-23" }],
  ])("%j is %j, and its address says so", (query, period) => {
    expect(periodOf(query, TODAY)).toEqual(period);
    expect(periodOf(queryOf(period), TODAY)).toEqual(period);
  });

  test.each([
    { period: "year" },
    { period: "day", on: "2026-02-30" },
    { period: "day", on: "22/11/2026" },
    { period: "day", on: "2026-11-22' OR 1=1" },
    { period: "day", on: "9999-01-01" },
    { period: "range" },
    { period: "range", from: "2026-11-02", to: "2026-11-01" },
    { period: "range", from: "2025-11-21", to: "2026-11-22" },
    { period: "range", from: "2026-11-01", to: "2026-11-31" },
  ])("%j is refused", (query) => {
    expect(() => periodOf(query, TODAY)).toThrow(new DomainError("period_invalid"));
  });

  test("each is measured by the time before it, and pages to both sides", () => {
    expect(previousOf(periodAround("day", TODAY))).toMatchObject({ from: "2026-11-15", to: "2026-11-16" });
    expect(previousOf(periodAround("week", TODAY))).toMatchObject({ from: "2026-11-09", to: "2026-11-16" });
    expect(previousOf(periodAround("month", "2026-03-31"))).toMatchObject({ from: "2026-02-01", to: "2026-03-01" });
    expect(previousOf({ kind: "range", from: "2026-11-10", to: "2026-11-20" })).toMatchObject({ from: "2026-10-31", to: "2026-11-10" });
    expect(neighboursOf(periodAround("month", "2026-01-31"))).toMatchObject({ before: { from: "2025-12-01" }, after: { from: "2026-02-01", to: "2026-03-01" } });
    expect(neighboursOf(periodAround("day", TODAY))).toMatchObject({ before: { from: "2026-11-21" }, after: { from: "2026-11-23" } });
  });

  test("bars are hours of a day, days of two months, months of more", () => {
    expect(barOf(periodAround("day", TODAY))).toBe("hour");
    expect(barOf(periodAround("month", TODAY))).toBe("day");
    expect(barOf({ kind: "range", from: "2026-09-01", to: "2026-11-02" })).toBe("day");
    expect(barOf({ kind: "range", from: "2026-08-31", to: "2026-11-02" })).toBe("month");
    expect(daysOf({ from: "2026-12-30", to: "2027-01-02" })).toEqual(["2026-12-30", "2026-12-31", "2027-01-01"]);
    const days = new Map([["2026-10-31", { ...NO_FIGURES, saleCount: 2 }], ["2026-11-01", { ...NO_FIGURES, saleCount: 3 }]]);
    expect([...byMonth(days, { from: "2026-09-30", to: "2026-11-02" })].map(([month, { saleCount }]) => [month, saleCount])).toEqual([["2026-09", 0], ["2026-10", 2], ["2026-11", 3]]);
  });
});

test("averages, changes and shares are whole numbers, rounded half up", () => {
  expect(averageBrlCentavos({ ...NO_FIGURES, saleCount: 3, grossBrlCentavos: 1_000n })).toBe(333n);
  expect(averageBrlCentavos({ ...NO_FIGURES, saleCount: 2, grossBrlCentavos: 1_001n })).toBe(501n);
  expect(averageBrlCentavos(NO_FIGURES)).toBe(0n);
  expect([changePercent(118n, 100n), changePercent(0n, 100n), changePercent(1_005n, 1_000n), changePercent(995n, 1_000n), changePercent(5n, 0n)]).toEqual([18, -100, 1, -1, null]);
  expect([permille(43n, 1_000n), permille(1n, 3n), permille(1n, 0n)]).toEqual([43, 333, 0]);
});

test("means add up to the sales, and the strongest hour of a week is the first of the highest", () => {
  expect(byMeans({ ...NO_FIGURES, grossBrlCentavos: 100n, ownRewardBrlCentavos: 20n, otherRewardBrlCentavos: 10n, pixBrlCentavos: 30n, guestBrlCentavos: 5n })).toEqual({ dollars: 35n, own: 20n, other: 10n, pix: 30n, guest: 5n });
  const brl = (grossBrlCentavos: bigint) => ({ ...NO_FIGURES, grossBrlCentavos });
  const { days, strongest } = weekOf(new Map([["6:9", brl(500n)], ["1:7", brl(1n)], ["7:9", brl(500n)]]), { first: 7, last: 9 });
  expect(days.map((cells) => cells.length)).toEqual([3, 3, 3, 3, 3, 3, 3]);
  expect(days[0]?.[0]).toMatchObject({ weekday: 1, clock: 7, figures: { grossBrlCentavos: 1n } });
  expect(strongest).toMatchObject({ weekday: 6, clock: 9 });
  expect(weekOf(new Map(), { first: 7, last: 19 }).strongest).toBeNull();
});

describe("a window is whole hours and the pieces round them", () => {
  const at = (text: string) => new Date(`2026-11-22T${text}:00Z`);
  test.each([
    ["03:00", "05:00", true, ["03:00", "05:00"], []],
    ["03:10", "05:20", true, ["04:00", "05:00"], [["03:10", "04:00"], ["05:00", "05:20"]]],
    ["03:10", "03:50", true, null, [["03:10", "03:50"]]],
    ["03:50", "04:10", true, null, [["03:50", "04:10"]]],
    ["03:00", "05:00", false, null, [["03:00", "05:00"]]],
    ["05:00", "05:00", true, null, []],
  ] as const)("from %s to %s", (from, to, isWholeHours, whole, pieces) => {
    expect(splitWindow({ from: at(from), to: at(to), isWholeHours })).toEqual({
      whole: whole && { from: at(whole[0]), to: at(whole[1]) },
      pieces: pieces.map(([a, b]) => ({ from: at(a), to: at(b) })),
    });
  });
});
