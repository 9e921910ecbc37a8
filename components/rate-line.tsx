import { useLocale, useTranslations } from "next-intl";
import { dayKey, formatDate, formatRate, formatRelative, formatTime } from "@/lib/money-format";
import { isRateStale } from "@/lib/rates/rules";

/**
 * "dólar a R$ 5,50 às 14:02", or with the day when the rate is not of today. Older than 36 hours it says how old, on every screen that prices
 * something, also where there is no room for a note.
 */
export function RateLine({ brlPerUsdMicros, at, now = new Date(), timeZone }: { brlPerUsdMicros: bigint; at: Date; now?: Date; timeZone?: string }) {
  const t = useTranslations("common");
  const locale = useLocale();
  const rate = formatRate(brlPerUsdMicros, locale);
  const isToday = dayKey(at, timeZone) === dayKey(now, timeZone);
  return (
    <span className="tabular-nums">
      {isToday ? t("rate", { rate, time: formatTime(at, locale, timeZone) }) : t("rateOn", { rate, date: formatDate(at, locale, timeZone) })}
      {isRateStale(at, now) ? <strong className="font-semibold" data-testid="rate-old">{` · ${t("rateOld", { age: formatRelative(at, now, locale) })}`}</strong> : null}
    </span>
  );
}
