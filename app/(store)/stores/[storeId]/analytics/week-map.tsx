import { useLocale, useTranslations } from "next-intl";
import { HeatMap } from "@/components/heat-map";
import { weekHourKey, weekOf, type Figures, type WeekHour } from "@/lib/analytics/rules";
import { formatBrl } from "@/lib/money-format";
import { weekdayName } from "../period-words";
import { useSalesColumns } from "../sales-chart";

/** When a week is strong: gross sales by weekday and hour of the store's clock, with a table of every hour that sold or gave something back. */
export function WeekMap({ byWeekHour, hours, period }: { byWeekHour: ReadonlyMap<string, Figures>; hours: { first: number; last: number }; period: string }) {
  const t = useTranslations("analytics");
  const locale = useLocale();
  const { days, strongest } = weekOf(byWeekHour, hours);
  const when = ({ weekday, clock }: WeekHour) => t("weekMap.when", { weekday: weekdayName(weekday, locale, "long"), clock: String(clock) });
  const columns = useSalesColumns();
  return (
    <>
      {strongest ? <p className="-mt-3 mb-4 text-small text-muted">{t("weekMap.strongest", { when: when(strongest) })}</p> : null}
      <HeatMap
        rows={days.map((cells, index) => ({
          key: String(index),
          label: weekdayName(index + 1, locale, "short"),
          cells: cells.map(({ figures, ...at }) => ({ key: String(at.clock), title: t("barTitle", { when: when(at), amount: formatBrl(figures.grossBrlCentavos, locale), count: figures.saleCount }), value: figures.grossBrlCentavos })),
        }))}
        columns={(days[0] ?? []).map(({ clock }) => `${clock}h`)}
        label={t("chartLabel", { chart: t("weekMap.title"), period })}
        scale={{ less: t("weekMap.less"), more: t("weekMap.more") }}
        table={{
          open: t("showTable"),
          caption: t("weekMap.caption", { period }),
          columns,
          rows: days.flat().filter(({ figures }) => figures.saleCount + figures.refundCount > 0).map(({ figures, ...at }) => ({ key: weekHourKey(at), when: when(at), figures })),
          rowKey: ({ key }) => key,
        }}
      />
    </>
  );
}
