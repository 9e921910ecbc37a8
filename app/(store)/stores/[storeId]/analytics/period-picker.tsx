import { ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/ui/button-style";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { SegmentLinks } from "@/components/ui/segments";
import { addDays, neighboursOf, periodAround, queryOf, type Day, type Period } from "@/lib/analytics/rules";
import { paths } from "@/lib/paths";

const KINDS = ["day", "week", "month"] as const;

/** Links and a plain form, so that every period has an address and works by keyboard and before scripts. */
export function PeriodPicker({ storeId, period, today }: { storeId: string; period: Period; today: Day }) {
  const t = useTranslations("analytics");
  const { before, after } = neighboursOf(period);
  const isNewest = period.to > today;
  // Switching keeps the day: the month of a day, the last day of a month that is over.
  const anchor = period.from <= today && today < period.to ? today : addDays(period.to, -1);
  const to = (shown: Period) => paths.storeAnalytics(storeId, queryOf(shown));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SegmentLinks label={t("periodLabel")} current={period.kind} segments={KINDS.map((kind) => ({ value: kind, label: t(`period.${kind}`), href: to(periodAround(kind, anchor)) }))} />
      <div className="flex gap-1">
        <Link href={to(before)} aria-label={t("earlier")} className="grid size-11 place-items-center rounded-[13px] bg-card text-ink shadow-1">
          <Icon of={ChevronLeft} />
        </Link>
        {isNewest ? (
          <span aria-hidden="true" className="grid size-11 place-items-center rounded-[13px] bg-sunk text-muted">
            <Icon of={ChevronRight} />
          </span>
        ) : (
          <Link href={to(after)} aria-label={t("later")} className="grid size-11 place-items-center rounded-[13px] bg-card text-ink shadow-1">
            <Icon of={ChevronRight} />
          </Link>
        )}
      </div>
      <details open={period.kind === "range"} className="group rounded-[13px] bg-card shadow-1 max-md:w-full">
        <summary className="flex min-h-11 list-none items-center gap-2 px-4 text-label [&::-webkit-details-marker]:hidden">
          <span className="flex-1">{t("rangeTitle")}</span>
          <Icon of={ChevronDown} size="chip" className="transition-transform group-open:rotate-180" />
        </summary>
        <form action={paths.storeAnalytics(storeId)} className="grid gap-3 px-4 pt-1 pb-4 sm:grid-cols-[1fr_1fr_auto] sm:items-end">
          <input type="hidden" name="period" value="range" />
          <Field name="from" type="date" label={t("from")} size="medium" required defaultValue={period.from} max="2099-12-31" />
          <Field name="to" type="date" label={t("to")} size="medium" required defaultValue={addDays(period.to, -1)} max="2099-12-31" />
          <button type="submit" className={buttonStyle({ kind: "soft", size: "medium" })}>
            {t("show")}
          </button>
        </form>
      </details>
    </div>
  );
}
