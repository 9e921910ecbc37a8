import { DomainError } from "@/lib/errors";

/** A calendar day as "2026-11-22". Days are the store's own; instants are made of them by the database, which knows every zone's clock changes. */
export type Day = string;

export const PERIOD_KINDS = ["day", "week", "month", "range"] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** `from` is the first day and `to` the day after the last. */
export type Period = { kind: PeriodKind; from: Day; to: Day };

export const RANGE_DAYS_MAX = 366;
/** Longer ranges are drawn by month. */
const DAYS_DRAWN_MAX = 62;

const DAY_MS = 86_400_000;
const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;
const dayOf = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);

/** True for a day that is on the calendar, in this century. */
export function isDay(text: string): boolean {
  if (!DAY_PATTERN.test(text) || !text.startsWith("20")) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && dayOf(ms) === text;
}

export const addDays = (day: Day, days: number): Day => dayOf(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
export const daysBetween = (from: Day, to: Day): number => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

const firstOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`;
function addMonths(first: Day, months: number): Day {
  const [year = 0, month = 1] = first.split("-").map(Number);
  return dayOf(Date.UTC(year, month - 1 + months, 1));
}
/** Weeks begin on Monday. */
const firstOfWeek = (day: Day): Day => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));

/** The day, week or month round a day. */
export function periodAround(kind: Exclude<PeriodKind, "range">, day: Day): Period {
  if (kind === "day") return { kind, from: day, to: addDays(day, 1) };
  if (kind === "week") return { kind, from: firstOfWeek(day), to: addDays(firstOfWeek(day), 7) };
  return { kind, from: firstOfMonth(day), to: addMonths(firstOfMonth(day), 1) };
}

type PeriodQuery = { period?: string; on?: string; from?: string; to?: string };

/**
 * What an address asks for: `period` with `on` (a day within it), or a range with its first and last day. Without any, `standard` round today.
 * Fails with: period_invalid (no such day, upside down, or longer than a year).
 */
export function periodOf(query: PeriodQuery, today: Day, standard: Exclude<PeriodKind, "range"> = "month"): Period {
  if (query.period === "range") {
    const { from, to } = query;
    if (!from || !to || !isDay(from) || !isDay(to)) throw new DomainError("period_invalid");
    const days = daysBetween(from, to) + 1;
    if (days < 1 || days > RANGE_DAYS_MAX) throw new DomainError("period_invalid");
    return { kind: "range", from, to: addDays(to, 1) };
  }
  const kind = query.period === undefined ? standard : PERIOD_KINDS.find((known) => known === query.period);
  if (!kind || kind === "range" || (query.on !== undefined && !isDay(query.on))) throw new DomainError("period_invalid");
  return periodAround(kind, query.on ?? today);
}

/** The period as an address says it. */
export const queryOf = ({ kind, from, to }: Period): Record<string, string> => (kind === "range" ? { period: kind, from, to: addDays(to, -1) } : { period: kind, on: from });

/** What a period is measured by: the same weekday a week ago, the week or month before, or as many days before. */
export function previousOf({ kind, from, to }: Period): Period {
  if (kind === "day") return { kind, from: addDays(from, -7), to: addDays(to, -7) };
  if (kind === "month") return { kind, from: addMonths(from, -1), to: from };
  return { kind, from: addDays(from, -daysBetween(from, to)), to: from };
}

/** The periods beside it, for paging. */
export function neighboursOf(period: Period): { before: Period; after: Period } {
  const { kind, from, to } = period;
  if (kind === "month") return { before: periodAround(kind, addDays(from, -1)), after: periodAround(kind, to) };
  const days = daysBetween(from, to);
  return { before: { kind, from: addDays(from, -days), to: from }, after: { kind, from: to, to: addDays(to, days) } };
}

export const daysOf = ({ from, to }: Omit<Period, "kind">): Day[] => Array.from({ length: daysBetween(from, to) }, (_, index) => addDays(from, index));

/** What one bar of the period's chart is. */
export const barOf = ({ kind, from, to }: Period): "hour" | "day" | "month" => (kind === "day" ? "hour" : daysBetween(from, to) > DAYS_DRAWN_MAX ? "month" : "day");

/** What was sold in some time, or by somebody. Net is gross less refunds. */
export type Figures = {
  saleCount: number;
  /** Paid by a wallet without an account, and by Pix. */
  guestCount: number;
  pixCount: number;
  refundCount: number;
  grossUsdMicros: bigint;
  grossBrlCentavos: bigint;
  tipUsdMicros: bigint;
  tipBrlCentavos: bigint;
  refundUsdMicros: bigint;
  refundBrlCentavos: bigint;
  /** What customers earned, at its value of that moment. */
  rewardUsdMicros: bigint;
  rewardBrlCentavos: bigint;
  guestBrlCentavos: bigint;
  pixBrlCentavos: bigint;
  /** What was paid in the store's own rewards, and in those of other stores. */
  ownRewardBrlCentavos: bigint;
  otherRewardBrlCentavos: bigint;
};

export const NO_FIGURES: Figures = {
  saleCount: 0, guestCount: 0, pixCount: 0, refundCount: 0, grossUsdMicros: 0n, grossBrlCentavos: 0n, tipUsdMicros: 0n, tipBrlCentavos: 0n,
  refundUsdMicros: 0n, refundBrlCentavos: 0n, rewardUsdMicros: 0n, rewardBrlCentavos: 0n, guestBrlCentavos: 0n, pixBrlCentavos: 0n,
  ownRewardBrlCentavos: 0n, otherRewardBrlCentavos: 0n,
};

export function addFigures(a: Figures, b: Figures): Figures {
  return {
    saleCount: a.saleCount + b.saleCount,
    guestCount: a.guestCount + b.guestCount,
    pixCount: a.pixCount + b.pixCount,
    refundCount: a.refundCount + b.refundCount,
    grossUsdMicros: a.grossUsdMicros + b.grossUsdMicros,
    grossBrlCentavos: a.grossBrlCentavos + b.grossBrlCentavos,
    tipUsdMicros: a.tipUsdMicros + b.tipUsdMicros,
    tipBrlCentavos: a.tipBrlCentavos + b.tipBrlCentavos,
    refundUsdMicros: a.refundUsdMicros + b.refundUsdMicros,
    refundBrlCentavos: a.refundBrlCentavos + b.refundBrlCentavos,
    rewardUsdMicros: a.rewardUsdMicros + b.rewardUsdMicros,
    rewardBrlCentavos: a.rewardBrlCentavos + b.rewardBrlCentavos,
    guestBrlCentavos: a.guestBrlCentavos + b.guestBrlCentavos,
    pixBrlCentavos: a.pixBrlCentavos + b.pixBrlCentavos,
    ownRewardBrlCentavos: a.ownRewardBrlCentavos + b.ownRewardBrlCentavos,
    otherRewardBrlCentavos: a.otherRewardBrlCentavos + b.otherRewardBrlCentavos,
  };
}

export const netBrlCentavos = ({ grossBrlCentavos, refundBrlCentavos }: Figures): bigint => grossBrlCentavos - refundBrlCentavos;
export const netUsdMicros = ({ grossUsdMicros, refundUsdMicros }: Figures): bigint => grossUsdMicros - refundUsdMicros;

/** How customers paid. `dollars` is an account's balance; `guest` a wallet without an account, whatever it held. */
export const MEANS = ["dollars", "own", "other", "pix", "guest"] as const;
export type Means = (typeof MEANS)[number];

/** Gross sales by how they were paid: the parts add up to it. */
export function byMeans({ grossBrlCentavos, ownRewardBrlCentavos, otherRewardBrlCentavos, pixBrlCentavos, guestBrlCentavos }: Figures): Record<Means, bigint> {
  const dollars = grossBrlCentavos - ownRewardBrlCentavos - otherRewardBrlCentavos - pixBrlCentavos - guestBrlCentavos;
  return { dollars, own: ownRewardBrlCentavos, other: otherRewardBrlCentavos, pix: pixBrlCentavos, guest: guestBrlCentavos };
}

/** An hour of the week on a store's clock: Monday is 1 and Sunday 7, the first hour 0. */
export type WeekHour = { weekday: number; clock: number };
export const weekHourKey = ({ weekday, clock }: WeekHour): string => `${weekday}:${clock}`;

type WeekCell = WeekHour & { figures: Figures };

/** A week of so many hours a day, day by day from Monday on, and its strongest hour; null without sales. */
export function weekOf(byWeekHour: ReadonlyMap<string, Figures>, hours: { first: number; last: number }): { days: WeekCell[][]; strongest: WeekHour | null } {
  const days = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    Array.from({ length: hours.last - hours.first + 1 }, (_, index) => ({ weekday, clock: hours.first + index })).map((at) => ({ ...at, figures: byWeekHour.get(weekHourKey(at)) ?? NO_FIGURES })),
  );
  const strongest = days.flat().reduce<WeekCell | null>((most, cell) => (cell.figures.grossBrlCentavos > (most?.figures.grossBrlCentavos ?? 0n) ? cell : most), null);
  return { days, strongest };
}

/** What a sale brought on average before refunds, rounded half up to the centavo. */
export function averageBrlCentavos({ saleCount, grossBrlCentavos }: Figures): bigint {
  const count = BigInt(saleCount);
  return count === 0n ? 0n : (2n * grossBrlCentavos + count) / (2n * count);
}

/** How much more or less than before, in whole percent, half away from zero; null where there was nothing before. */
export function changePercent(now: bigint, before: bigint): number | null {
  if (before <= 0n) return null;
  const doubled = 200n * (now - before);
  return Number((doubled >= 0n ? doubled + before : doubled - before) / (2n * before));
}

/** A part of a whole in tenths of a percent, half up; 0 of nothing. */
export const permille = (part: bigint, whole: bigint): number => (whole <= 0n ? 0 : Number((2_000n * part + whole) / (2n * whole)));

/** Bars of months out of bars of days. */
export function byMonth(days: ReadonlyMap<Day, Figures>, { from, to }: Omit<Period, "kind">): Map<string, Figures> {
  const months = new Map<string, Figures>();
  for (const day of daysOf({ from, to })) {
    const month = day.slice(0, 7);
    months.set(month, addFigures(months.get(month) ?? NO_FIGURES, days.get(day) ?? NO_FIGURES));
  }
  return months;
}

const HOUR_MS = 3_600_000;

/**
 * A window as whole hours of UTC, which the roll-up holds, and the pieces at its ends, which are counted from the rows. A zone whose clock stands
 * apart from UTC by more than whole hours has no whole hours here.
 */
export function splitWindow({ from, to, isWholeHours }: { from: Date; to: Date; isWholeHours: boolean }): { whole: { from: Date; to: Date } | null; pieces: { from: Date; to: Date }[] } {
  if (from >= to) return { whole: null, pieces: [] };
  const first = Math.ceil(from.getTime() / HOUR_MS) * HOUR_MS;
  const last = Math.floor(to.getTime() / HOUR_MS) * HOUR_MS;
  if (!isWholeHours || first >= last) return { whole: null, pieces: [{ from, to }] };
  const pieces = [
    { from, to: new Date(first) },
    { from: new Date(last), to },
  ].filter((piece) => piece.from < piece.to);
  return { whole: { from: new Date(first), to: new Date(last) }, pieces };
}
