import type { useTranslations } from "next-intl";
import { roundDistance } from "@/lib/explore/rules";
import type { OpenState } from "@/lib/hours/rules";
import type { Locale } from "@/lib/i18n/locale";

type Words = ReturnType<typeof useTranslations<"explore">>;
const DAY_MS = 86_400_000;

/** "120 m", "1,8 km". */
export function distanceText(metres: number, t: Words, locale: Locale): string {
  const { value, unit } = roundDistance(metres);
  const shown = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value);
  return unit === "m" ? t("metres", { value: shown }) : t("kilometres", { value: shown });
}

/** "Aberto até 19:00", "Abre segunda-feira às 08:00"; null when the store has not said. */
export function openText(open: OpenState, t: Words, locale: Locale, timeZone: string, now = new Date()): string | null {
  if (!open) return null;
  if (open.isOpen) return open.until === null ? t("openAlways") : t("openUntil", { time: open.until });
  if (open.opensInDays === 0) return t("opensToday", { time: open.opensAt });
  if (open.opensInDays === 1) return t("opensTomorrow", { time: open.opensAt });
  const day = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone }).format(new Date(now.getTime() + open.opensInDays * DAY_MS));
  return t("opensOn", { day, time: open.opensAt });
}

export const percentText = (bps: number, locale: Locale): string => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(bps / 10_000);
