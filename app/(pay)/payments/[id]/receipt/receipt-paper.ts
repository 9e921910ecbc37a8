import type { useTranslations } from "next-intl";
import { activityTitle } from "@/app/(wallet)/activity-title";
import { chainName } from "@/lib/chain/chains";
import type { Locale } from "@/lib/i18n/locale";
import { formatBrl, formatCents, usdCentsFromMicros } from "@/lib/money-format";
import type { PaymentView } from "@/lib/payments/queries";
import type { ReceiptPaper } from "@/lib/receipts/receipt-pdf";
import { priceOfPayment } from "../price-of-payment";
import { cnpjText, isGivenBack, kindLine, receiptLines, receiptRate, receiptTime } from "./receipt-words";

type Words = { pay: ReturnType<typeof useTranslations<"pay">>; receipts: ReturnType<typeof useTranslations<"receipts">>; activity: ReturnType<typeof useTranslations<"activity">>; common: ReturnType<typeof useTranslations<"common">> };

/** A payment as the file of its receipt writes it. */
export function receiptPaper(payment: PaymentView, words: Words, locale: Locale): ReceiptPaper {
  const { pay, receipts, common } = words;
  const { store, details } = payment;
  const price = priceOfPayment(payment);
  const rate = receiptRate(payment, words, locale);
  const fact = (term: string, value: string | null) => (value === null ? [] : [{ term, value }]);
  return {
    title: receipts("pdfTitle"),
    notFiscal: receipts("pdfNotFiscal"),
    store: activityTitle(payment, words.activity),
    storeLines: [payment.kind !== "payment" && kindLine(payment, words.activity), store?.place, store?.cnpj && pay("cnpj", { cnpj: cnpjText(store.cnpj) }), store?.legalName && `${pay("legalName")}: ${store.legalName}`].filter((line): line is string => Boolean(line)),
    amount: price.currency === "BRL" ? formatBrl(price.amount, locale) : formatCents(usdCentsFromMicros(price.amount, "up"), "USD", locale),
    state: payment.kind !== "payment" && payment.status === "confirmed" ? words.activity("state.done") : common(isGivenBack(payment) ? "statusRefunded" : payment.status === "confirmed" ? "statusPaid" : payment.status === "failed" ? "statusFailed" : "statusChecking"),
    when: receiptTime(payment, locale),
    lines: receiptLines(payment, words, locale).map(({ term, value, kind }) => ({ term, value, isTotal: kind === "total" })),
    notes: rate === null ? [] : [rate],
    code: payment.confirmationCode === null ? null : { term: pay("code"), value: payment.confirmationCode },
    detailsTitle: pay("detailsTitle"),
    details: [
      ...fact(pay("details.paymentId"), payment.id),
      ...fact(pay("details.network"), chainName(details.chainId)),
      ...fact(pay("details.from"), details.payerAddress),
      ...fact(receipts("details.payee"), details.payeeAddress),
      ...fact(pay("details.operationHash"), details.operationHash),
      ...fact(pay("details.transactionHash"), details.transactionHash),
      ...fact(pay("details.block"), details.blockNumber?.toString() ?? null),
    ],
    language: locale,
    at: payment.confirmedAt ?? payment.createdAt,
  };
}
