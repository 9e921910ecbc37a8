import type { Locale } from "@/lib/i18n/locale";
import { addDays, type Day, type Period } from "@/lib/analytics/rules";

/** Noon of a day in UTC: a day has no zone of its own, and no zone turns noon into another day. */
const noonOf = (day: Day) => new Date(`${day}T12:00:00Z`);
const format = (day: Day, locale: Locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(noonOf(day));

/** "sábado, 21 de novembro de 2026". */
export const longDay = (day: Day, locale: Locale): string => format(day, locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
/** "21 de nov. de 2026". */
export const shortDay = (day: Day, locale: Locale): string => format(day, locale, { day: "numeric", month: "short", year: "numeric" });
/** "sáb., 21/11". */
export const weekday = (day: Day, locale: Locale): string => format(day, locale, { weekday: "short", day: "2-digit", month: "2-digit" });
/** "segunda-feira" or "seg" of 1 (Monday) to 7. */
export const weekdayName = (weekday: number, locale: Locale, width: "long" | "short"): string => format(addDays("2026-01-05", weekday - 1), locale, { weekday: width }).replace(/\.$/, "");
/** "21". */
export const dayNumber = (day: Day): string => String(Number(day.slice(8)));
/** "2026-11" as "nov. de 26". */
export const monthWord = (month: string, locale: Locale): string => format(`${month}-15`, locale, { month: "short", year: "2-digit" });

/** The whole period in words. */
export function periodWords({ kind, from, to }: Period, locale: Locale, span: (ends: { from: string; to: string }) => string): string {
  if (kind === "day") return longDay(from, locale);
  if (kind === "month") return format(from, locale, { month: "long", year: "numeric" });
  return span({ from: shortDay(from, locale), to: shortDay(addDays(to, -1), locale) });
}
