import { DomainError } from "@/lib/errors";

/** From and until, in minutes of the day on which it begins; past midnight the end goes beyond a day. */
export type Span = readonly [opens: number, closes: number];
/** A week from Sunday, as PostgreSQL and JavaScript count. A day without a span is closed. */
export type OpeningHours = readonly (readonly Span[])[];

export const WEEK_DAYS = [0, 1, 2, 3, 4, 5, 6] as const;
export const SPANS_A_DAY_MAX = 4;
const DAY_MINUTES = 1_440;
/** A span ends at the latest when the next day's noon comes. */
const CLOSES_MAX = DAY_MINUTES + DAY_MINUTES / 2;
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** Minutes of "18:30"; null for anything else. */
export function minutesFromClock(text: string): number | null {
  const [, hours, minutes] = CLOCK.exec(text.trim()) ?? [];
  return hours === undefined || minutes === undefined ? null : Number(hours) * 60 + Number(minutes);
}

/** "18:30" of minutes, also for the end of a span past midnight. */
export function clockOf(minutes: number): string {
  const inDay = minutes % DAY_MINUTES;
  return `${String(Math.floor(inDay / 60)).padStart(2, "0")}:${String(inDay % 60).padStart(2, "0")}`;
}

/** What a form holds of one span. */
export type TypedSpan = { opens: string; closes: string };

/**
 * A week as it was typed. A closing time that is not after the opening one is of the next day, and the same time twice is round the clock. Null
 * when no day has a span: the store does not say. Fails with hours_invalid: no clock, more than four spans, or two that overlap.
 */
export function hoursFromTyped(week: readonly (readonly TypedSpan[])[]): OpeningHours | null {
  if (week.length !== WEEK_DAYS.length) throw new DomainError("hours_invalid");
  const hours = week.map((day) => {
    if (day.length > SPANS_A_DAY_MAX) throw new DomainError("hours_invalid");
    return day.map(spanFromTyped).toSorted((a, b) => a[0] - b[0]);
  });
  for (const day of WEEK_DAYS) assertApart([...(hours[day] ?? []), ...shifted(hours[(day + 1) % WEEK_DAYS.length] ?? [])]);
  return hours.every((day) => day.length === 0) ? null : hours;
}

function spanFromTyped({ opens, closes }: TypedSpan): Span {
  const [from, until] = [minutesFromClock(opens), minutesFromClock(closes)];
  if (from === null || until === null) throw new DomainError("hours_invalid");
  const end = until > from ? until : until + DAY_MINUTES;
  if (end > CLOSES_MAX && end - from !== DAY_MINUTES) throw new DomainError("hours_invalid");
  return [from, end];
}

const shifted = (day: readonly Span[]): Span[] => day.map(([opens, closes]) => [opens + DAY_MINUTES, closes + DAY_MINUTES]);

/** In order of opening, each begins when the one before has ended. */
function assertApart(spans: readonly Span[]) {
  spans.forEach(([opens], index) => {
    const before = spans[index - 1];
    if (before && before[1] > opens) throw new DomainError("hours_invalid");
  });
}

/** Weekday and minute of a moment on a store's own clock. */
export function localMinute(at: Date, timeZone: string): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(at);
  const partOf = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { day: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(partOf("weekday")), minute: Number(partOf("hour")) * 60 + Number(partOf("minute")) };
}

/** `until` and `opensAt` are clock times ("18:30"); `opensInDays` is 0 today, 1 tomorrow. `always` has no end within the week. */
export type OpenState = { isOpen: true; until: string | null } | { isOpen: false; opensAt: string; opensInDays: number } | null;

/** Whether a store is open now, until when, or when next. Null when it has not said. The same as store_is_open in the database (0026). */
export function openState(hours: OpeningHours | null, timeZone: string, at: Date): OpenState {
  if (!hours || hours.every((day) => day.length === 0)) return null;
  const { day, minute } = localMinute(at, timeZone);
  const spans = [-1, 0, 1, 2, 3, 4, 5, 6, 7].flatMap((ahead) => (hours[(day + ahead + 7) % 7] ?? []).map(([opens, closes]) => ({ opens: opens + ahead * DAY_MINUTES, closes: closes + ahead * DAY_MINUTES })));
  const now = spans.find(({ opens, closes }) => opens <= minute && minute < closes);
  if (now) {
    let end = now.closes;
    // A span that begins where another ends goes on.
    for (const { opens, closes } of spans) if (opens === end) end = closes;
    return { isOpen: true, until: end - minute >= 6 * DAY_MINUTES ? null : clockOf(end) };
  }
  const next = spans.find(({ opens }) => opens > minute);
  return next ? { isOpen: false, opensAt: clockOf(next.opens), opensInDays: Math.floor(next.opens / DAY_MINUTES) } : null;
}
