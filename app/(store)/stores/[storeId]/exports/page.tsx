import { CalendarCheck, FileDown } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { addDays, queryOf } from "@/lib/analytics/rules";
import { requireActor } from "@/lib/auth/session";
import { CSV_VARIANTS } from "@/lib/csv/rules";
import { getExportsPage } from "@/lib/exports/queries";
import { errorValues } from "@/lib/i18n/error-values";
import { paths, type StoreFileKind } from "@/lib/paths";
import { orNotFound } from "../../../or-not-found";
import { shortDay } from "../period-words";
import { StorePage } from "../store-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("exports"))("title") };
}

/** The store's files for its bookkeeping: what, of which days, in which spelling. */
export default async function ExportsPage({ params, searchParams }: PageProps<"/stores/[storeId]/exports">) {
  const [{ storeId }, typed] = await Promise.all([params, searchParams]);
  const actor = await requireActor();
  const query = Object.fromEntries(Object.entries(typed).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])));
  const { store, role, today, period, thisMonth, lastMonth, isRefused, canHaveStatement, canHavePayouts } = await orNotFound(getExportsPage(actor, storeId, query));
  const [t, analytics, errors, locale] = [await getTranslations("exports"), await getTranslations("analytics"), await getTranslations("errors"), await getLocale()];
  const [first, last] = [period.from, addDays(period.to, -1)];
  const file = (kind: StoreFileKind, format: string) => paths.storeFile(store.id, kind, { format, ...queryOf(period) });
  return (
    <StorePage actor={actor} store={store} role={role} current="analytics">
      <header>
        <h1>{t("title")}</h1>
        <p className="mt-1 text-muted">{t("lead")}</p>
      </header>
      <Card className="mt-6" aria-labelledby="period">
        <h2 id="period">{t("periodTitle")}</h2>
        <p className="mt-1 text-muted">{t("chosen", { from: shortDay(first, locale), to: shortDay(last, locale) })}</p>
        <div className="mt-4 flex flex-wrap gap-2">
          <LinkButton kind="soft" size="medium" href={paths.storeExports(store.id, queryOf(thisMonth))}>
            {t("thisMonth")}
          </LinkButton>
          <LinkButton kind="soft" size="medium" href={paths.storeExports(store.id, queryOf(lastMonth))}>
            {t("lastMonth")}
          </LinkButton>
        </div>
        <form action={paths.storeExports(store.id)} className="mt-4 grid gap-3 sm:grid-cols-[minmax(0,220px)_minmax(0,220px)_auto] sm:items-end sm:justify-start">
          <input type="hidden" name="period" value="range" />
          <Field name="from" type="date" label={analytics("from")} size="medium" required defaultValue={first} max="2099-12-31" />
          <Field name="to" type="date" label={analytics("to")} size="medium" required defaultValue={last} max="2099-12-31" />
          <button type="submit" className={buttonStyle({ kind: "outline", size: "medium" })}>
            {analytics("show")}
          </button>
        </form>
        {isRefused ? (
          <div className="mt-4">
            <Note tone="danger" isLive>
              {errors("period_invalid", errorValues({}, locale))}
            </Note>
          </div>
        ) : null}
      </Card>
      <div className="mt-5 grid gap-5 md:grid-cols-2">
        <FileCard id="payments" title={t("payments")} text={t("paymentsText")}>
          {CSV_VARIANTS.map((format) => (
            <Download key={format} href={file("payments", format)} word={t(`formats.${format}`)} of={t("payments")} />
          ))}
        </FileCard>
        {canHavePayouts ? (
          <FileCard id="payouts" title={t("payouts")} text={t("payoutsText")}>
            {CSV_VARIANTS.map((format) => (
              <Download key={format} href={file("payouts", format)} word={t(`formats.${format}`)} of={t("payouts")} />
            ))}
          </FileCard>
        ) : null}
        <FileCard id="statement" title={t("statement")} text={canHaveStatement ? t("statementText") : t("statementTooLong")}>
          {canHaveStatement ? <Download href={file("statement", "pdf")} word={t("formats.pdf")} of={t("statement")} /> : null}
        </FileCard>
        <FileCard id="ofx" title={t("ofx")} text={t("ofxText")}>
          <Download href={file("ofx", "ofx")} word={t("formats.ofx")} of={t("ofx")} />
        </FileCard>
        <FileCard id="close" title={t("closeDay")} text={t("closeDayText")}>
          <LinkButton kind="outline" size="medium" href={paths.storeCloseDay(store.id, { on: today })} icon={<Icon of={CalendarCheck} size="chip" />}>
            {t("closeDayOpen")}
          </LinkButton>
        </FileCard>
      </div>
    </StorePage>
  );
}

const FileCard = ({ id, title, text, children }: { id: string; title: string; text: string; children: ReactNode }) => (
  <Card aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    <p className="mt-1 text-muted">{text}</p>
    <div className="mt-4 flex flex-wrap gap-2 empty:hidden">{children}</div>
  </Card>
);

/** A plain link: the router must not fetch a file ahead. Its name for screen readers says which file it is. */
const Download = ({ href, word, of }: { href: string; word: string; of: string }) => (
  <a href={href} download className={buttonStyle({ kind: "outline", size: "medium" })}>
    <Icon of={FileDown} size="chip" />
    <span>
      <span className="sr-only">{`${of}: `}</span>
      {word}
    </span>
  </a>
);
