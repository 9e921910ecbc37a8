import { getLocale, getTranslations } from "next-intl/server";
import { optionalActor } from "@/lib/auth/session";
import { chainName } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { dayKey, formatBrl, formatDateTime, formatUsd } from "@/lib/money-format";
import { getPayout, readPartnerReceipt, type PayoutView } from "@/lib/payouts/queries";
import { receiptPdf } from "@/lib/receipts/receipt-pdf";
import { getStoreFrame, type StoreHead } from "@/lib/stores/queries";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const refuse = (status: number) => new Response(null, { status, headers: { "cache-control": "no-store" } });

/** The receipt of a completed payout as a file: ours, or with `from=partner` the partner's own. For owners; anybody else's is not found. */
export async function GET(request: Request, { params }: RouteContext<"/stores/[storeId]/payouts/[payoutId]/receipt">) {
  const actor = await optionalActor();
  if (!actor) return refuse(401);
  const { storeId, payoutId } = await params;
  let payout: PayoutView;
  let store: StoreHead;
  try {
    [payout, { store }] = await Promise.all([getPayout(actor, storeId, payoutId), getStoreFrame(actor, storeId)]);
  } catch (error) {
    if (error instanceof DomainError) return refuse(error.code === "forbidden" ? 403 : 404);
    throw error;
  }
  if (payout.state !== "completed") return refuse(404);
  const t = await getTranslations("payouts");
  const isPartner = new URL(request.url).searchParams.get("from") === "partner";
  const bytes = isPartner ? await readPartnerReceipt(actor, storeId, payoutId) : await ownReceipt(payout, store);
  if (!bytes) return refuse(404);
  const name = [t("pdf.fileName"), dayKey(payout.completedAt ?? payout.at, store.timeZone), payout.id.slice(-6)].join("-");
  return new Response(new Uint8Array(bytes), {
    headers: { "content-type": "application/pdf", "content-disposition": `attachment; filename="${name}.pdf"`, "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}

async function ownReceipt(payout: PayoutView, store: StoreHead): Promise<Uint8Array> {
  const [t, locale] = await Promise.all([getTranslations("payouts"), getLocale()]);
  const at = payout.completedAt ?? payout.at;
  const fact = (term: string, value: string | null) => (value === null ? [] : [{ term, value }]);
  const to = payout.to.kind === "balance" ? (payout.to.name ?? t("kinds.team")) : t(`to.${payout.to.kind}`, { shown: payout.to.shown ?? "" });
  return receiptPdf({
    title: t("pdf.receipt"),
    notFiscal: t("pdf.notFiscal"),
    store: store.name,
    storeLines: [to, payout.to.kind === "balance" ? null : payout.to.name].filter((line): line is string => Boolean(line)),
    amount: payout.amountBrlCentavos === null ? formatUsd(payout.netUsdMicros, locale) : formatBrl(payout.amountBrlCentavos, locale),
    state: t(`states.${payout.state}`),
    when: formatDateTime(at, locale, store.timeZone),
    lines: [
      { term: t("review.fromBalance"), value: formatUsd(payout.amountUsdMicros, locale) },
      { term: t("detail.fee"), value: formatUsd(payout.feeUsdMicros, locale) },
      { term: t("review.net"), value: formatUsd(payout.netUsdMicros, locale), isTotal: true },
      ...fact(t("detail.requestedBy"), payout.requestedBy),
    ],
    notes: [],
    code: null,
    detailsTitle: t("pdf.details"),
    details: [
      { term: t("pdf.id"), value: payout.id },
      ...fact(t("detail.endToEnd"), payout.endToEndId),
      ...fact(t("detail.externalId"), payout.details.externalId),
      ...fact(t("detail.network"), payout.details.chainId && chainName(payout.details.chainId)),
      ...fact(t("detail.transaction"), payout.details.txHash),
    ],
    language: locale,
    at,
  });
}
