import { CalendarCheck, FileDown } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { ShareList } from "@/components/bar-chart";
import { EmptyState } from "@/components/empty-state";
import { Money, MoneyDisplay } from "@/components/money";
import { tileSeed } from "@/components/tile-art";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { getAnalytics, type Analytics, type Named } from "@/lib/analytics/queries";
import { averageBrlCentavos, barOf, byMonth, changePercent, daysOf, netBrlCentavos, NO_FIGURES, permille } from "@/lib/analytics/rules";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { errorValues } from "@/lib/i18n/error-values";
import type { Locale } from "@/lib/i18n/locale";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../../or-not-found";
import { dayNumber, monthWord, periodWords, weekday } from "../period-words";
import { SalesChart, type SalesBar } from "../sales-chart";
import { StorePage } from "../store-page";
import { MeansOfPayment } from "./means-of-payment";
import { PeriodPicker } from "./period-picker";
import { WeekMap } from "./week-map";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("analytics"))("title") };
}

/** What the store sold in a day, a week, a month or up to a year, beside the time before, for owners and admins. */
export default async function AnalyticsPage({ params, searchParams }: PageProps<"/stores/[storeId]/analytics">) {
  const [{ storeId }, typed] = await Promise.all([params, searchParams]);
  const actor = await requireActor();
  const query = Object.fromEntries(Object.entries(typed).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])));
  const { analytics, isRefused } = await orNotFound(read(actor, storeId, query));
  const { store, role, period, figures } = analytics;
  const t = await getTranslations("analytics");
  const [locale, errors] = [await getLocale(), await getTranslations("errors")];
  const words = periodWords(period, locale, (ends) => t("span", ends));
  return (
    <StorePage actor={actor} store={store} role={role} current="analytics">
      <header className="grid gap-4">
        <div className="flex flex-wrap items-end justify-between gap-3">
          <div>
            <h1>{t("title")}</h1>
            <p className="mt-1 text-muted first-letter:uppercase">{t("lead", { period: words })}</p>
          </div>
          <div className="flex flex-wrap gap-2">
            {can(role, "exports.download") ? (
              <LinkButton kind="outline" size="medium" href={paths.storeExports(store.id)} icon={<Icon of={FileDown} size="chip" />}>
                {t("exports")}
              </LinkButton>
            ) : null}
            <LinkButton kind="outline" size="medium" href={paths.storeCloseDay(store.id)} icon={<Icon of={CalendarCheck} size="chip" />}>
              {t("closeDay")}
            </LinkButton>
          </div>
        </div>
        <PeriodPicker storeId={store.id} period={period} today={analytics.today} />
        {isRefused ? (
          <Note tone="danger" isLive>
            {errors("period_invalid", errorValues({}, locale))}
          </Note>
        ) : null}
      </header>
      <Card className="mt-5" aria-labelledby="sales">
        <Head analytics={analytics} />
        <div className="mt-7">
          {figures.total.saleCount + figures.total.refundCount === 0 ? <EmptyState title={t("empty")} text={t("emptyText")} /> : <SalesChart bars={barsOf(analytics, locale)} title={t(`chart.${barOf(period)}`)} period={words} />}
        </div>
      </Card>
      {figures.total.saleCount + figures.total.refundCount === 0 ? null : (
        <div className="mt-5 grid items-start gap-5 md:grid-cols-2 xl:grid-cols-3">
          {period.kind === "day" ? null : (
            <Card aria-labelledby="by-clock" className="md:col-span-2">
              <h2 id="by-clock" className="mb-4">
                {t("byClock")}
              </h2>
              <SalesChart bars={clockBarsOf(analytics)} title={t("byClock")} period={words} />
            </Card>
          )}
          {period.kind === "day" ? null : (
            <Part id="by-week" title={t("weekMap.title")}>
              <WeekMap byWeekHour={figures.byWeekHour} hours={hoursShown(analytics)} period={words} />
            </Part>
          )}
          <Part id="by-means" title={t("means.title")}>
            <MeansOfPayment figures={figures.total} seed={tileSeed(store.id, store.qrVersion)} period={words} />
          </Part>
          <Part id="by-seller" title={t("bySeller")}>
            <ShareList shares={sharesOf(analytics.sellers, t("noSeller"), t("goneSeller"), (count) => t("sales", { count }), locale)} />
          </Part>
          <Part id="by-till" title={t("byTill")}>
            <ShareList shares={sharesOf(analytics.tills, t("noTill"), t("noTill"), (count) => t("sales", { count }), locale)} />
          </Part>
          <Part id="by-item" title={t("byItem")}>
            {analytics.items.length === 0 ? (
              <p className="text-muted">{t("itemsEmpty")}</p>
            ) : (
              <ShareList shares={analytics.items.map(({ itemId, name, quantity, grossBrlCentavos }) => ({ key: itemId ?? name, name, amount: formatBrl(grossBrlCentavos, locale), line: t("quantity", { count: Number(quantity) }), value: grossBrlCentavos }))} />
            )}
          </Part>
        </div>
      )}
    </StorePage>
  );
}

/** The period that was asked for, or the month with a word that this one can't be shown. */
async function read(actor: Parameters<typeof getAnalytics>[0], storeId: string, query: Record<string, string>): Promise<{ analytics: Analytics; isRefused: boolean }> {
  try {
    return { analytics: await getAnalytics(actor, storeId, query), isRefused: false };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "period_invalid") throw error;
    return { analytics: await getAnalytics(actor, storeId, {}), isRefused: true };
  }
}

/** The period's figures, each with what it was before. */
async function Head({ analytics }: { analytics: Analytics }) {
  const { period, figures, before, customers, customersBefore, isUnderWay } = analytics;
  const t = await getTranslations("analytics");
  const locale = await getLocale();
  const { total } = figures;
  const when = t(`${isUnderWay ? "versusSoFar" : "versus"}.${period.kind}`);
  const versus = (now: bigint, then: bigint) => {
    const change = changePercent(now, then);
    if (change === null) return t("nothingBefore");
    return t.rich("change", { change: change === 0 ? t("same") : signed(change), when, b: (text) => <b className={change > 0 ? "font-semibold text-positive" : "font-semibold text-ink"}>{text}</b> });
  };
  return (
    <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[auto_minmax(0,1fr)]">
      <div>
        <h2 id="sales" className="font-sans text-label tracking-normal text-muted">
          {t("gross")}
        </h2>
        <MoneyDisplay currency="BRL" amount={total.grossBrlCentavos} size="l" className="mt-1" />
        <p className="text-small text-muted">{versus(total.grossBrlCentavos, before.grossBrlCentavos)}</p>
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-3 xl:grid-cols-4">
        <Figure name={t("refunds")} value={formatBrl(-total.refundBrlCentavos, locale)} note={t("refundCount", { count: total.refundCount })} />
        <Figure name={t("net")} value={formatBrl(netBrlCentavos(total), locale)} note={<Money currency="USD" amount={total.grossUsdMicros - total.refundUsdMicros} />} />
        <Figure name={t("count")} value={new Intl.NumberFormat(locale).format(total.saleCount)} note={versus(BigInt(total.saleCount), BigInt(before.saleCount))} />
        <Figure name={t("average")} value={formatBrl(averageBrlCentavos(total), locale)} note={versus(averageBrlCentavos(total), averageBrlCentavos(before))} />
        <Figure name={t("customers")} value={new Intl.NumberFormat(locale).format(customers.unique)} note={versus(BigInt(customers.unique), BigInt(customersBefore.unique))} />
        <Figure name={t("returning")} value={`${new Intl.NumberFormat(locale).format(customers.returning)} ${t("returningOf", { unique: new Intl.NumberFormat(locale).format(customers.unique) })}`} note={percent(permille(BigInt(customers.returning), BigInt(customers.unique)), locale)} />
        <Figure name={t("tips")} value={formatBrl(total.tipBrlCentavos, locale)} note={versus(total.tipBrlCentavos, before.tipBrlCentavos)} />
        <Figure name={t("rewards")} value={formatBrl(total.rewardBrlCentavos, locale)} note={t("rewardsShare", { share: percent(permille(total.rewardBrlCentavos, total.grossBrlCentavos), locale) })} />
      </dl>
    </div>
  );
}

const signed = (change: number): string => `${change > 0 ? "+" : "\u2212"}${Math.abs(change)}%`;
const percent = (perMille: number, locale: Locale): string => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(perMille / 1_000);

const Figure = ({ name, value, note }: { name: string; value: string; note: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-small text-muted">{name}</dt>
    <dd className="money mt-0.5 text-heading">{value}</dd>
    <dd className="text-caption text-muted">{note}</dd>
  </div>
);

const Part = ({ id, title, children }: { id: string; title: string; children: ReactNode }) => (
  <Card aria-labelledby={id}>
    <h2 id={id} className="mb-4">
      {title}
    </h2>
    {children}
  </Card>
);

const sharesOf = (parts: readonly Named[], none: string, gone: string, line: (count: number) => string, locale: Locale) =>
  parts.map(({ id, name, figures }) => ({ key: id ?? "none", name: id === null ? none : (name ?? gone), amount: formatBrl(figures.grossBrlCentavos, locale), line: line(figures.saleCount), value: figures.grossBrlCentavos }));

const HOURS_SHOWN = { first: 7, last: 19 };
const hoursShown = ({ figures: { byClock } }: Analytics) => ({ first: Math.min(HOURS_SHOWN.first, ...byClock.keys()), last: Math.max(HOURS_SHOWN.last, ...byClock.keys()) });
/** The hours of the store's clock over all days, from the first to the last that sold something. */
function clockBarsOf(analytics: Analytics): SalesBar[] {
  const { byClock } = analytics.figures;
  const { first, last } = hoursShown(analytics);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).map((clock) => ({ key: String(clock), label: `${clock}h`, when: `${clock}h`, figures: byClock.get(clock) ?? NO_FIGURES }));
}

/** The bars of a period: hours of a day, days of a week, month or short range, months of a long one. */
function barsOf({ period, figures, hours, today }: Analytics, locale: Locale): SalesBar[] {
  const bar = barOf(period);
  if (bar === "hour") return hours.map(({ at, clock }) => ({ key: at, label: `${clock}h`, when: `${clock}h`, figures: figures.byHour.get(at) ?? NO_FIGURES }));
  if (bar === "month") return [...byMonth(figures.byDay, period)].map(([month, of]) => ({ key: month, label: monthWord(month, locale), when: monthWord(month, locale), figures: of, isNow: today.startsWith(month) }));
  return daysOf(period).map((day) => ({ key: day, label: dayNumber(day), when: weekday(day, locale), figures: figures.byDay.get(day) ?? NO_FIGURES, isNow: day === today }));
}
