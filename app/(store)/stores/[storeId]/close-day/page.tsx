import { ChevronLeft, ChevronRight, FileDown } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/empty-state";
import { Money } from "@/components/money";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Table, type Column } from "@/components/ui/table";
import { getDayClose, type DayClose, type DayCloseLine } from "@/lib/analytics/queries";
import { addDays, isDay, netBrlCentavos } from "@/lib/analytics/rules";
import { requireActor } from "@/lib/auth/session";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../../or-not-found";
import { longDay } from "../period-words";
import { StorePage } from "../store-page";
import { PrintButton } from "./print-button";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("analytics"))("closeTitle") };
}

/** A day by till and person, to compare with what was counted, print and put away. Staff find what they sold today themselves. */
export default async function CloseDayPage({ params, searchParams }: PageProps<"/stores/[storeId]/close-day">) {
  const [{ storeId }, { on }] = await Promise.all([params, searchParams]);
  const actor = await requireActor();
  // A day that is none is today.
  const close = await orNotFound(getDayClose(actor, storeId, typeof on === "string" && isDay(on) ? on : undefined));
  const { store, role, today, day, isOwnOnly } = close;
  const [t, locale] = [await getTranslations("analytics"), await getLocale()];
  const file = (format: string) => paths.storeFile(store.id, "close-day", { format, on: day });
  return (
    <StorePage actor={actor} store={store} role={role} current="close">
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1>{t("closeTitle")}</h1>
          <p className="mt-1 text-muted first-letter:uppercase">{t(isOwnOnly ? "closeOwnLead" : "closeLead", { day: longDay(day, locale) })}</p>
          <p className="hidden print:block">{store.name}</p>
        </div>
        {isOwnOnly ? null : (
          <div className="flex flex-wrap items-end gap-2 print:hidden">
            <Link href={paths.storeCloseDay(store.id, { on: addDays(day, -1) })} aria-label={t("earlier")} className="grid size-11 place-items-center rounded-[13px] bg-card text-ink shadow-1">
              <Icon of={ChevronLeft} />
            </Link>
            <form action={paths.storeCloseDay(store.id)} className="flex items-end gap-2">
              <div className="w-44">
                <Field name="on" type="date" label={t("closeDate")} isLabelHidden size="medium" required defaultValue={day} max={today} />
              </div>
              <button type="submit" className={buttonStyle({ kind: "soft", size: "medium" })}>
                {t("show")}
              </button>
            </form>
            {day < today ? (
              <Link href={paths.storeCloseDay(store.id, { on: addDays(day, 1) })} aria-label={t("later")} className="grid size-11 place-items-center rounded-[13px] bg-card text-ink shadow-1">
                <Icon of={ChevronRight} />
              </Link>
            ) : null}
          </div>
        )}
      </header>
      <Total close={close} />
      <Card isFlush className="mt-5 overflow-hidden" aria-labelledby="lines">
        <h2 id="lines" className="px-5 pt-5 pb-2">
          {t("closeLines")}
        </h2>
        {close.lines.length === 0 ? <EmptyState title={t("closeEmpty")} text={t("closeEmptyText")} /> : <Lines lines={close.lines} />}
      </Card>
      <div className="mt-5 flex flex-wrap gap-2 print:hidden">
        <PrintButton label={t("closePrint")} />
        {can(role, "exports.download")
          ? ([["pt-BR", "closeCsv"], ["international", "closeCsvInternational"], ["pdf", "closePdf"]] as const).map(([format, word]) => (
              <a key={format} href={file(format)} download className={buttonStyle({ kind: "outline", size: "medium" })}>
                <Icon of={FileDown} size="chip" />
                {t(word)}
              </a>
            ))
          : null}
      </div>
    </StorePage>
  );
}

async function Total({ close: { total } }: { close: DayClose }) {
  const [t, locale] = [await getTranslations("analytics"), await getLocale()];
  const facts = [
    [t("gross"), formatBrl(total.grossBrlCentavos, locale)],
    [t("refunds"), formatBrl(-total.refundBrlCentavos, locale)],
    [t("net"), formatBrl(netBrlCentavos(total), locale)],
    [t("count"), String(total.saleCount)],
    [t("tips"), formatBrl(total.tipBrlCentavos, locale)],
    [t("pix"), `${formatBrl(total.pixBrlCentavos, locale)} · ${total.pixCount}`],
    [t("guests"), `${formatBrl(total.guestBrlCentavos, locale)} · ${total.guestCount}`],
  ] as const;
  return (
    <Card className="mt-6" aria-labelledby="total">
      <h2 id="total">{t("closeTotal")}</h2>
      <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-4">
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-small text-muted">{name}</dt>
            <dd className="money mt-0.5 text-heading">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

async function Lines({ lines }: { lines: readonly DayCloseLine[] }) {
  const t = await getTranslations("analytics");
  const tillOf = ({ till }: DayCloseLine) => (till.id === null ? t("noTill") : (till.name ?? t("noTill")));
  const sellerOf = ({ seller }: DayCloseLine) => (seller.id === null ? t("noSeller") : (seller.name ?? t("goneSeller")));
  const columns: Column<DayCloseLine>[] = [
    { key: "seller", head: t("columnSeller"), cell: sellerOf, phone: "title" },
    { key: "till", head: t("columnTill"), cell: (line) => `${tillOf(line)} · ${t("sales", { count: line.figures.saleCount })}`, phone: "line" },
    { key: "gross", head: t("gross"), cell: ({ figures }) => <Money currency="BRL" amount={figures.grossBrlCentavos} />, align: "right", phone: "hidden" },
    { key: "refunds", head: t("refunds"), cell: ({ figures }) => <Money currency="BRL" amount={-figures.refundBrlCentavos} />, align: "right", phone: "state" },
    { key: "net", head: t("net"), cell: ({ figures }) => <Money currency="BRL" amount={netBrlCentavos(figures)} />, align: "right", phone: "amount" },
    { key: "tips", head: t("tips"), cell: ({ figures }) => <Money currency="BRL" amount={figures.tipBrlCentavos} />, align: "right", phone: "hidden" },
    { key: "pix", head: t("pix"), cell: ({ figures }) => <Money currency="BRL" amount={figures.pixBrlCentavos} />, align: "right", phone: "hidden" },
    { key: "guests", head: t("guests"), cell: ({ figures }) => <Money currency="BRL" amount={figures.guestBrlCentavos} />, align: "right", phone: "hidden" },
  ];
  return (
    <div className="overflow-x-auto">
      <Table caption={t("closeLines")} columns={columns} rows={lines} rowKey={({ till, seller }) => `${till.id ?? "none"} ${seller.id ?? "none"}`} />
    </div>
  );
}
