import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { formatBrl } from "@/lib/money-format";
import type { SalesTotals } from "@/lib/sales/queries";

/** What was sold, what was given back, and what is left: of today, or of the days that were chosen. */
export async function Totals({ totals, isToday }: { totals: SalesTotals; isToday: boolean }) {
  const [t, locale] = await Promise.all([getTranslations("refunds.list"), getLocale()]);
  return (
    <Card className="mt-5" aria-label={t("totals")}>
      <p className="text-label text-muted">{t(isToday ? "today" : "period")}</p>
      <dl className="mt-2 grid gap-x-8 gap-y-3 sm:grid-cols-3">
        <Total name={t("gross")} note={t("sales", { count: totals.count })}>
          {formatBrl(totals.grossBrlCentavos, locale)}
        </Total>
        <Total name={t("refunds")} note={t("refundsCount", { count: totals.refunds.count })}>
          {formatBrl(-totals.refunds.brlCentavos, locale)}
        </Total>
        <Total name={t("net")}>{formatBrl(totals.netBrlCentavos, locale)}</Total>
      </dl>
    </Card>
  );
}

const Total = ({ name, note, children }: { name: string; note?: string; children: ReactNode }) => (
  <div>
    <dt className="text-small text-muted">{name}</dt>
    <dd className="money mt-0.5 text-heading">
      {children}
      {note ? <span className="block font-sans text-small font-normal tracking-normal text-muted">{note}</span> : null}
    </dd>
  </div>
);
