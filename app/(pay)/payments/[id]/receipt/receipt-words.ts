import type { useTranslations } from "next-intl";
import { activityTitle } from "@/app/(wallet)/activity-title";
import { shortAddress } from "@/lib/guests/rules";
import type { Locale } from "@/lib/i18n/locale";
import { formatBrl, formatCents, formatDate, formatDateTime, formatRate, formatTimeWithSeconds, usdCentsFromMicros } from "@/lib/money-format";
import type { PaymentView } from "@/lib/payments/queries";
import { inReaisOfPayment, partsOfPayment, priceOfPayment } from "../price-of-payment";

type Words = { pay: ReturnType<typeof useTranslations<"pay">>; receipts: ReturnType<typeof useTranslations<"receipts">>; activity: ReturnType<typeof useTranslations<"activity">> };

export type ReceiptLine = { key: string; term: string; value: string; kind: "part" | "total" | "earned" | "refund" };

/** The lines of a receipt in words: parts, total, what came back, what was earned. The same on screen and in the file. */
export function receiptLines(payment: PaymentView, { pay, receipts, activity }: Words, locale: Locale): ReceiptLine[] {
  const inDollars = (micros: bigint) => formatCents(usdCentsFromMicros(micros, "up"), "USD", locale);
  const inReais = (micros: bigint, sign = 1n) => {
    const centavos = inReaisOfPayment(micros, payment);
    return centavos === null ? formatCents(sign * usdCentsFromMicros(micros, "up"), "USD", locale) : formatBrl(sign * centavos, locale);
  };
  const price = priceOfPayment(payment);
  const { reward, refund } = payment;
  const lines: ReceiptLine[] = partsShown(payment).map((part, index) => ({
    key: `${part.store?.id ?? part.kind}-${index}`,
    term: part.kind === "dollars" ? pay("dollarsPart", { usd: inDollars(part.amountUsdMicros) }) : part.kind === "own" ? pay("ownRewardsPart") : pay("rewardsPart", { store: part.store?.name ?? "" }),
    value: part.amountBrlCentavos === null ? inDollars(part.amountUsdMicros) : formatBrl(part.amountBrlCentavos, locale),
    kind: "part",
  }));
  const party = partyLine(payment, activity);
  if (party) lines.unshift(party);
  // What comes in is what is left after the fees; what goes out has them within it.
  const sign = payment.direction === "in" ? -1n : 1n;
  for (const fee of payment.fees) lines.push({ key: `fee-${fee.kind}`, term: receipts(`fee.${fee.kind}`), value: inReais(fee.amountUsdMicros, sign), kind: "part" });
  lines.push({ key: "total", term: pay("total"), value: price.currency === "BRL" ? formatBrl(price.amount, locale) : inDollars(price.amount), kind: "total" });
  if (payment.charge && payment.charge.tipUsdMicros > 0n) {
    const { tipBrlCentavos, tipUsdMicros } = payment.charge;
    lines.push({ key: "tip", term: receipts("tip"), value: price.currency === "BRL" ? formatBrl(tipBrlCentavos, locale) : inDollars(tipUsdMicros), kind: "part" });
  }
  for (const part of payment.parts) {
    if (part.surplusUsdMicros > 0n) lines.push({ key: `surplus-${part.store?.id}`, term: pay("surplusPart", { store: part.store?.name ?? "" }), value: inReais(part.surplusUsdMicros), kind: "part" });
  }
  if (refund && refund.status !== "failed") {
    const isBack = refund.status === "refunded";
    const total = price.currency === "BRL" ? formatBrl(price.amount, locale) : inDollars(price.amount);
    lines.push(
      refund.ofSale
        ? { key: "refund", term: receipts(isBack ? "refundedOf" : "refundRequestedOf", { total }), value: formatBrl(refund.ofSale.amountBrlCentavos, locale), kind: "refund" }
        : { key: "refund", term: receipts(isBack ? "refunded" : "refundRequested"), value: refund.amountUsdMicros === null ? "" : inReais(refund.amountUsdMicros), kind: "refund" },
    );
  }
  if (reward?.valueUsdMicros) lines.push({ key: "earned", term: pay(reward.isExpected ? "youWillEarn" : "youEarned"), value: inReais(reward.valueUsdMicros), kind: "earned" });
  return lines;
}

/**
 * A price's parts add up to it. What a bonus is taken from is more than what comes, by the fees below; what a repayment may cost at most is
 * no part of what it cost.
 */
function partsShown(payment: PaymentView) {
  if (payment.kind === "payment") return partsOfPayment(payment);
  if (payment.kind === "repayment") return [];
  return payment.parts.map((part) => ({ ...part, amountBrlCentavos: inReaisOfPayment(part.amountUsdMicros, payment) }));
}

/** Who is on the other side of a send, or the address that it left for. */
function partyLine({ kind, counterparty, details }: PaymentView, t: Words["activity"]): ReceiptLine | null {
  if (kind !== "sent" && kind !== "received") return null;
  const value = counterparty ? (counterparty.name ?? counterparty.phoneShown ?? t("somebody")) : details.payeeAddress ? shortAddress(details.payeeAddress) : null;
  return value === null ? null : { key: "party", term: t(kind === "sent" ? "toWhom" : "fromWhom"), value, kind: "part" };
}

/** Below the title of what is no payment: the kind where the title is a name, else the store that it is about; and what was written with it. */
export function kindLine(payment: PaymentView, t: Words["activity"]): string {
  const kind = t(`kind.${payment.kind}`);
  return [kind === activityTitle(payment, t) ? payment.store?.name : kind, payment.note].filter(Boolean).join(" · ");
}

/** Whether nothing of the price stays paid. */
export const isGivenBack = ({ refund }: Pick<PaymentView, "refund">): boolean => refund?.status === "refunded" && !refund.ofSale?.isPartial;

/** The day, the second and the zone, as the store's clock had them. */
export function receiptTime(payment: PaymentView, locale: Locale): string {
  const at = payment.confirmedAt ?? payment.createdAt;
  const zone = payment.store?.timeZone;
  return `${formatDate(at, locale, zone)}, ${formatTimeWithSeconds(at, locale, zone)}${payment.store ? ` (${zoneText(at, locale, payment.store.timeZone)})` : ""}`;
}

/** The rate that the payer saw, and when it was quoted; null where none was shown. */
export const receiptRate = ({ brlPerUsdMicros, rateAt, store }: PaymentView, { pay }: Pick<Words, "pay">, locale: Locale): string | null =>
  brlPerUsdMicros !== null && rateAt ? pay("rateAt", { rate: formatRate(brlPerUsdMicros, locale), time: formatDateTime(rateAt, locale, store?.timeZone) }) : null;

/** 14 characters as people write them: 11.222.333/0001-81. Also the alphanumeric ones. */
export const cnpjText = (cnpj: string): string => cnpj.replace(/^(\w{2})(\w{3})(\w{3})(\w{4})(\w{2})$/, "$1.$2.$3/$4-$5");

/** The zone in the reader's words: "Horário Padrão de Brasília". */
const zoneText = (at: Date, locale: string, timeZone: string): string =>
  new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "longGeneric" }).formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
