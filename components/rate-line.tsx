import { useLocale, useTranslations } from "next-intl";
import { dayKey, formatDate, formatRate, formatTime } from "@/lib/money-format";

/** "dólar a R$ 5,50 às 14:02", or with the day when the rate is not of today. */
export function RateLine({ brlPerUsdMicros, at, now = new Date(), timeZone }: { brlPerUsdMicros: bigint; at: Date; now?: Date; timeZone?: string }) {
  const t = useTranslations("common");
  const locale = useLocale();
  const rate = formatRate(brlPerUsdMicros, locale);
  const isToday = dayKey(at, timeZone) === dayKey(now, timeZone);
  return <span className="tabular-nums">{isToday ? t("rate", { rate, time: formatTime(at, locale, timeZone) }) : t("rateOn", { rate, date: formatDate(at, locale, timeZone) })}</span>;
}
