import { getLocale, getTranslations } from "next-intl/server";
import { optionalActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { formatBrl, formatDateTime, formatUsd } from "@/lib/money-format";
import { listMonth, type ListedPayout } from "@/lib/payouts/queries";
import { receiptPdf } from "@/lib/receipts/receipt-pdf";
import { getStoreFrame, type StoreHead } from "@/lib/stores/queries";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const refuse = (status: number) => new Response(null, { status, headers: { "cache-control": "no-store" } });

/** A month's payouts as a file, oldest first, with what was paid in all. For owners. */
export async function GET(request: Request, { params }: RouteContext<"/stores/[storeId]/payouts/statement">) {
  const actor = await optionalActor();
  if (!actor) return refuse(401);
  const { storeId } = await params;
  const month = new URL(request.url).searchParams.get("month") ?? "";
  let store: StoreHead;
  let items: ListedPayout[];
  try {
    ({ store } = await getStoreFrame(actor, storeId));
    items = await listMonth(actor, storeId, { month, timeZone: store.timeZone });
  } catch (error) {
    if (error instanceof DomainError) return refuse(error.code === "forbidden" ? 403 : 404);
    throw error;
  }
  const [t, locale] = await Promise.all([getTranslations("payouts"), getLocale()]);
  const paid = items.filter(({ state }) => state === "completed");
  const amountOf = ({ amountBrlCentavos, netUsdMicros }: ListedPayout) => (amountBrlCentavos === null ? formatUsd(netUsdMicros, locale) : formatBrl(amountBrlCentavos, locale));
  const nameOf = ({ to }: ListedPayout) => (to.kind === "balance" ? (to.name ?? t("kinds.team")) : t(`to.${to.kind}`, { shown: to.shown ?? "" }));
  const total = paid.reduce((sum, { amountBrlCentavos }) => sum + (amountBrlCentavos ?? 0n), 0n);
  const bytes = await receiptPdf({
    title: t("pdf.statement"),
    notFiscal: t("pdf.notFiscal"),
    store: store.name,
    storeLines: [month],
    amount: formatBrl(total, locale),
    state: t("pdf.count", { count: items.length }),
    when: t("pdf.total"),
    lines: items.map((item) => ({ term: `${formatDateTime(item.at, locale, store.timeZone)} · ${nameOf(item)} · ${t(`states.${item.state}`)}`, value: amountOf(item) })),
    notes: [],
    code: null,
    detailsTitle: t("pdf.details"),
    details: items.map((item) => ({ term: formatDateTime(item.at, locale, store.timeZone), value: item.id })),
    language: locale,
    at: items.at(-1)?.at ?? new Date(0),
  });
  return new Response(new Uint8Array(bytes), {
    headers: { "content-type": "application/pdf", "content-disposition": `attachment; filename="${t("pdf.statementFile")}-${month}.pdf"`, "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}
