import { useLocale, useTranslations } from "next-intl";
import { clockOf, WEEK_DAYS, type OpeningHours } from "@/lib/hours/rules";

/** A Sunday, to name the days by. */
const SUNDAY = Date.UTC(2026, 0, 4);
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1_440;

/** A store's week, from Monday. */
export function HoursTable({ hours }: { hours: OpeningHours }) {
  const t = useTranslations("explore");
  const locale = useLocale();
  const name = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  return (
    <dl className="mt-2 grid">
      {[...WEEK_DAYS.slice(1), 0].map((day) => (
        <div key={day} className="flex justify-between gap-4 border-b border-line py-2 last:border-0">
          <dt className="text-muted first-letter:uppercase">{name.format(new Date(SUNDAY + day * DAY_MS))}</dt>
          <dd className="text-right tabular-nums">
            {(hours[day] ?? []).length === 0
              ? t("dayClosed")
              : (hours[day] ?? []).map(([opens, closes]) => (closes - opens === DAY_MINUTES ? t("allDay") : t("span", { from: clockOf(opens), until: clockOf(closes) }))).join(", ")}
          </dd>
        </div>
      ))}
    </dl>
  );
}
