import type { useTranslations } from "next-intl";
import type { DayClose } from "@/lib/analytics/queries";
import { addDays, netBrlCentavos, type Figures, type Period } from "@/lib/analytics/rules";
import type { ExportStore } from "@/lib/exports/allow-export";
import type { Statement } from "@/lib/exports/read-statement";
import { formatCnpj } from "@/lib/exports/rules";
import type { TablePaper } from "@/lib/exports/table-pdf";
import type { Locale } from "@/lib/i18n/locale";
import { formatBrl, formatDateTime } from "@/lib/money-format";
import { longDay, shortDay } from "../../period-words";

type T = ReturnType<typeof useTranslations<"exports">>;

const storeLines = ({ place, legalName, cnpj }: ExportStore, t: T) => [place, [legalName, cnpj && t("statementPdf.cnpj", { cnpj: formatCnpj(cnpj) })].filter(Boolean).join(" · ")].flatMap((line) => line || []);

const factsOf = (total: Figures, t: T, locale: Locale) => [
  { term: t("statementPdf.gross"), value: formatBrl(total.grossBrlCentavos, locale) },
  { term: t("statementPdf.refunds"), value: formatBrl(-total.refundBrlCentavos, locale) },
  { term: t("statementPdf.net"), value: formatBrl(netBrlCentavos(total), locale) },
  { term: t("statementPdf.count"), value: String(total.saleCount) },
  { term: t("statementPdf.tips"), value: formatBrl(total.tipBrlCentavos, locale) },
  { term: t("statementPdf.pix"), value: formatBrl(total.pixBrlCentavos, locale) },
  { term: t("statementPdf.guest"), value: formatBrl(total.guestBrlCentavos, locale) },
  { term: t("statementPdf.rewards"), value: formatBrl(total.rewardBrlCentavos, locale) },
];

const common = (store: ExportStore, at: Date, t: T, locale: Locale) => ({
  notFiscal: t("statementPdf.notFiscal"),
  store: store.name,
  storeLines: storeLines(store, t),
  empty: t("statementPdf.empty"),
  page: (number: number, of: number) => t("statementPdf.page", { number: String(number), of: String(of) }),
  language: locale,
  at,
});
const made = (store: ExportStore, at: Date, t: T, locale: Locale) => t("statementPdf.made", { at: formatDateTime(at, locale, store.timeZone) });

/** A period's movements in words: one a line, or one day a line where they are too many. */
export function statementPaper({ store, period, statement, at }: { store: ExportStore; period: Period; statement: Statement; at: Date }, t: T, locale: Locale): TablePaper {
  const { total, lines, days } = statement;
  const base = {
    ...common(store, at, t, locale),
    title: t("statementPdf.title"),
    span: t("statementPdf.span", { from: shortDay(period.from, locale), to: shortDay(addDays(period.to, -1), locale) }),
    facts: factsOf(total, t, locale),
  };
  if (lines === null) {
    return {
      ...base,
      columns: [
        { head: t("statementPdf.day"), share: 0.34 },
        { head: t("statementPdf.count"), share: 0.14, align: "right" },
        { head: t("statementPdf.gross"), share: 0.18, align: "right" },
        { head: t("statementPdf.refunds"), share: 0.16, align: "right" },
        { head: t("statementPdf.net"), share: 0.18, align: "right" },
      ],
      rows: days.map(({ day, figures }) => [longDay(day, locale), String(figures.saleCount), formatBrl(figures.grossBrlCentavos, locale), formatBrl(-figures.refundBrlCentavos, locale), formatBrl(netBrlCentavos(figures), locale)]),
      notes: [t("statementPdf.byDay"), made(store, at, t, locale)],
    };
  }
  return {
    ...base,
    columns: [
      { head: t("statementPdf.when"), share: 0.27 },
      { head: t("statementPdf.what"), share: 0.33 },
      { head: t("statementPdf.who"), share: 0.22 },
      { head: t("statementPdf.amount"), share: 0.18, align: "right" },
    ],
    rows: lines.map((line) => [
      formatDateTime(new Date(line.atUtc), locale, store.timeZone),
      [t(`kinds.${line.kind}`), line.code, line.payer ?? t("customer")].filter(Boolean).join(" · "),
      [line.seller ?? t("noSeller"), line.till].filter(Boolean).join(" · "),
      formatBrl(BigInt(line.brl), locale),
    ]),
    notes: [made(store, at, t, locale)],
  };
}

/** The close of a day in words: each person at each till, and the total. */
export function closePaper({ store, close, at }: { store: ExportStore; close: DayClose; at: Date }, t: T, locale: Locale): TablePaper {
  const cells = (figures: Figures) => [String(figures.saleCount), formatBrl(figures.grossBrlCentavos, locale), formatBrl(-figures.refundBrlCentavos, locale), formatBrl(netBrlCentavos(figures), locale), formatBrl(figures.tipBrlCentavos, locale)];
  return {
    ...common(store, at, t, locale),
    title: t("statementPdf.closeTitle"),
    span: longDay(close.day, locale),
    facts: factsOf(close.total, t, locale),
    columns: [
      { head: t("statementPdf.till"), share: 0.17 },
      { head: t("statementPdf.seller"), share: 0.21 },
      { head: t("statementPdf.count"), share: 0.12, align: "right" },
      { head: t("statementPdf.gross"), share: 0.13, align: "right" },
      { head: t("statementPdf.refunds"), share: 0.13, align: "right" },
      { head: t("statementPdf.net"), share: 0.13, align: "right" },
      { head: t("statementPdf.tips"), share: 0.11, align: "right" },
    ],
    rows: close.lines.length === 0 ? [] : [
      ...close.lines.map(({ till, seller, figures }) => [till.id === null ? t("noTill") : (till.name ?? t("removed")), seller.id === null ? t("noSeller") : (seller.name ?? t("removed")), ...cells(figures)]),
      [t("total"), "", ...cells(close.total)],
    ],
    notes: [made(store, at, t, locale)],
  };
}
