import { CalendarCheck, ChartColumn, TrendingDown, TrendingUp } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { Money, MoneyDisplay } from "@/components/money";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import type { TodayFigures } from "@/lib/analytics/queries";
import { averageBrlCentavos, changePercent, netBrlCentavos, NO_FIGURES } from "@/lib/analytics/rules";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { longDay } from "./period-words";
import { ChartLegend, SalesChart, type SalesBar } from "./sales-chart";

/** The hours that a chart of a day always shows; earlier and later ones come when something was sold then. */
const HOURS_SHOWN = { first: 8, last: 18 };

/** What the store sold today: gross, refunds, net, and its hours beside those of a week ago. */
export async function TodayCard({ storeId, today }: { storeId: string; today: TodayFigures }) {
  const [store, t, locale] = [await getTranslations("store"), await getTranslations("analytics"), await getLocale()];
  const { total } = today.figures;
  const change = changePercent(total.grossBrlCentavos, today.beforeNow.grossBrlCentavos);
  const bars = barsOf(today);
  return (
    <Card aria-labelledby="sales-today">
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
        <div>
          <h2 id="sales-today" className="font-sans text-label tracking-normal text-muted">
            {store("salesToday")}
          </h2>
          <MoneyDisplay currency="BRL" amount={total.grossBrlCentavos} size="l" className="mt-1 md:text-money-xl" />
          <p className="text-muted">
            <Money currency="USD" amount={total.grossUsdMicros} />
          </p>
          {change === null ? null : (
            <p className="mt-1 flex flex-wrap items-center gap-2 text-small text-muted">
              <Chip tone={change > 0 ? "positive" : "neutral"} icon={<Icon of={change < 0 ? TrendingDown : TrendingUp} size="chip" />}>
                {change === 0 ? t("same") : `${change > 0 ? "+" : "\u2212"}${Math.abs(change)}%`}
              </Chip>
              {t("over", { when: t("versusSoFar.day") })}
            </p>
          )}
        </div>
        <dl className="grid grid-cols-2 gap-x-8 gap-y-4 sm:grid-cols-3">
          <Figure name={store("count")} value={String(total.saleCount)} />
          <Figure name={store("average")} value={formatBrl(averageBrlCentavos(total), locale)} />
          <Figure name={t("tips")} value={formatBrl(total.tipBrlCentavos, locale)} />
          <Figure name={t("refunds")} value={formatBrl(-total.refundBrlCentavos, locale)} />
          <Figure name={t("net")} value={formatBrl(netBrlCentavos(total), locale)} />
        </dl>
      </div>
      <div className="mt-6">
        <SalesChart bars={bars} title={t("chart.hour")} period={longDay(today.day, locale)} />
        <ChartLegend
          entries={[
            { label: t("todayLegend"), tone: "brand" },
            { label: t("nowLegend"), tone: "reward" },
            { label: t("lastWeekLegend"), tone: "outline" },
          ]}
        />
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        <LinkButton kind="soft" size="medium" href={paths.storeAnalytics(storeId)} icon={<Icon of={ChartColumn} size="chip" />}>
          {t("title")}
        </LinkButton>
        <LinkButton kind="quiet" size="medium" href={paths.storeCloseDay(storeId)} icon={<Icon of={CalendarCheck} size="chip" />}>
          {t("closeDay")}
        </LinkButton>
      </div>
    </Card>
  );
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt className="text-small text-muted">{name}</dt>
    <dd className="money mt-0.5 text-heading">{value}</dd>
  </div>
);

/** From the first to the last hour that sold something today or a week ago. */
function barsOf({ figures, lastWeek, hours }: TodayFigures): SalesBar[] {
  const now = new Date().toISOString();
  const sold = hours.filter(({ at, clock }) => figures.byHour.has(at) || lastWeek.byClock.has(clock)).map(({ clock }) => clock);
  const [first, last] = [Math.min(HOURS_SHOWN.first, ...sold), Math.max(HOURS_SHOWN.last, ...sold)];
  const current = hours.findLast(({ at }) => at <= now)?.at;
  return hours
    .filter(({ clock }) => clock >= first && clock <= last)
    .map(({ at, clock }) => ({ key: at, label: `${clock}h`, when: `${clock}h`, figures: figures.byHour.get(at) ?? NO_FIGURES, compared: lastWeek.byClock.get(clock)?.grossBrlCentavos ?? 0n, isNow: at === current }));
}
