import { useLocale, useTranslations } from "next-intl";
import { BarChart, type Bar } from "@/components/bar-chart";
import { Money } from "@/components/money";
import type { Column } from "@/components/ui/table";
import { netBrlCentavos, type Figures } from "@/lib/analytics/rules";
import { formatBrl } from "@/lib/money-format";

/** One bar with all that its row of the table says. */
export type SalesBar = { key: string; label: string; when: string; figures: Figures; compared?: bigint; isNow?: boolean };

/** The columns under every drawing of sales: how many, gross, refunds and net. */
export function useSalesColumns(): Column<Omit<SalesBar, "label">>[] {
  const t = useTranslations("analytics");
  return [
    { key: "when", head: t("columnWhen"), cell: ({ when }) => when, phone: "title" },
    { key: "count", head: t("count"), cell: ({ figures }) => figures.saleCount, align: "right", phone: "hidden" },
    { key: "gross", head: t("gross"), cell: ({ figures }) => <Money currency="BRL" amount={figures.grossBrlCentavos} />, align: "right", phone: "line" },
    { key: "refunds", head: t("refunds"), cell: ({ figures }) => <Money currency="BRL" amount={-figures.refundBrlCentavos} />, align: "right", phone: "state" },
    { key: "net", head: t("net"), cell: ({ figures }) => <Money currency="BRL" amount={netBrlCentavos(figures)} />, align: "right", phone: "amount" },
  ];
}

/** Gross sales as bars, with a table of gross, refunds and net of each. */
export function SalesChart({ bars, title, period }: { bars: readonly SalesBar[]; title: string; period: string }) {
  const t = useTranslations("analytics");
  const locale = useLocale();
  const drawn: Bar[] = bars.map(({ key, label, when, figures, compared, isNow }) => ({
    key,
    label,
    title: t("barTitle", { when, amount: formatBrl(figures.grossBrlCentavos, locale), count: figures.saleCount }),
    value: figures.grossBrlCentavos,
    compared,
    isNow,
  }));
  return (
    <BarChart
      bars={drawn}
      label={t("chartLabel", { chart: title, period })}
      // The axis has whole reais only.
      axis={(value) => formatBrl(value, locale).replace(/[.,]00$/, "")}
      table={{ open: t("showTable"), caption: `${title}, ${period}`, columns: useSalesColumns(), rows: bars, rowKey: ({ key }) => key }}
    />
  );
}

/** What the colours of a chart mean. */
export function ChartLegend({ entries }: { entries: readonly { label: string; tone: "brand" | "reward" | "outline" }[] }) {
  const TONES = { brand: "fill-brand", reward: "fill-reward", outline: "fill-brand-soft stroke-field" };
  return (
    <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-small text-muted">
      {entries.map(({ label, tone }) => (
        <li key={label} className="flex items-center gap-2">
          <svg aria-hidden="true" width={12} height={12}>
            <rect x={0.5} y={0.5} width={11} height={11} rx={3} className={TONES[tone]} />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}
