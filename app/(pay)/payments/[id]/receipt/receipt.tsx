import clsx from "clsx";
import { Check } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { activityTitle } from "@/app/(wallet)/activity-title";
import { MoneyDisplay } from "@/components/money";
import { StatusChip } from "@/components/status-chip";
import { TileFrieze } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Chip } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import type { PaymentView } from "@/lib/payments/queries";
import { priceOfPayment } from "../price-of-payment";
import { cnpjText, isGivenBack, kindLine, receiptLines, receiptRate, receiptTime, type ReceiptLine } from "./receipt-words";

/** The paper itself: store, amount, parts, rate and its time, code. Times are the store's. It says that it is no tax document. */
export function Receipt({ payment }: { payment: PaymentView }) {
  const t = useTranslations("pay");
  const receipts = useTranslations("receipts");
  const activity = useTranslations("activity");
  const locale = useLocale();
  const { store } = payment;
  const price = priceOfPayment(payment);
  const isFailed = payment.status === "failed";
  const isRefunded = isGivenBack(payment);
  const rate = receiptRate(payment, { pay: t }, locale);
  return (
    <article className="overflow-hidden rounded-card bg-card shadow-1">
      {store ? <TileFrieze seed={tileSeed(store.id, store.qrVersion)} height={40} /> : null}
      <div className="px-5.5 pt-4.5">
        <h2>{activityTitle(payment, activity)}</h2>
        {payment.kind !== "payment" ? <p className="text-small text-muted">{kindLine(payment, activity)}</p> : null}
        {store ? <p className="text-small text-muted">{[store.place, store.cnpj && t("cnpj", { cnpj: cnpjText(store.cnpj) })].filter(Boolean).join(" · ")}</p> : null}
        {store?.legalName ? (
          <p className="text-small text-muted">
            {t("legalName")}: {store.legalName}
          </p>
        ) : null}
        <div className="mt-3.5 flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
          <MoneyDisplay {...price} size="l" className={clsx(isFailed && "text-muted line-through")} />
          {payment.kind !== "payment" && payment.status === "confirmed" ? (
            <Chip tone="positive" icon={<Icon of={Check} size="chip" />}>
              {activity("state.done")}
            </Chip>
          ) : (
            <StatusChip state={isRefunded ? "refunded" : payment.status} />
          )}
        </div>
        <p className="text-small text-muted tabular-nums">{receiptTime(payment, locale)}</p>
      </div>
      {isFailed ? <p className="mx-5.5 mt-3 rounded-control bg-danger-soft px-4 py-3 text-small font-semibold text-danger">{t("failed")}</p> : null}
      <hr className="mt-4 border-t-2 border-dashed border-line" />
      <dl className="px-5.5 py-2">
        {receiptLines(payment, { pay: t, receipts, activity }, locale).map((line) => (
          <Line key={line.key} line={line} />
        ))}
      </dl>
      {rate ? <p className="px-5.5 pb-3 text-small text-muted tabular-nums">{rate}</p> : null}
      <hr className="border-t-2 border-dashed border-line" />
      <div className="px-5.5 py-4">
        {payment.kind === "payment" ? <Code code={payment.confirmationCode} isFailed={isFailed} /> : null}
        <p className="mt-3 text-caption text-muted">{payment.kind === "payment" ? t("notFiscal") : receipts("notFiscalShort")}</p>
      </div>
    </article>
  );
}

function Code({ code, isFailed }: { code: string | null; isFailed: boolean }) {
  const t = useTranslations("pay");
  return (
    <>
      <p className="text-small text-muted">{t("code")}</p>
      {code ? (
        <p data-testid="receipt-code" className="mt-1 font-display text-[1.75rem]/[2rem] font-[650] tracking-[.14em] tabular-nums">
          {code}
        </p>
      ) : (
        <p className="mt-1 font-semibold">{isFailed ? "–" : t("codeLater")}</p>
      )}
    </>
  );
}

function Line({ line: { term, value, kind } }: { line: ReceiptLine }) {
  const isTotal = kind === "total";
  return (
    <div className={clsx("flex justify-between gap-4 py-2", isTotal ? "mt-1 border-t-[1.5px] border-line pt-3 text-button" : "text-label")}>
      <dt className={clsx(!isTotal && "font-normal text-muted")}>{term}</dt>
      <dd className={clsx("text-right whitespace-nowrap tabular-nums", kind === "earned" && "text-reward-ink", kind === "refund" && "text-positive")}>{value}</dd>
    </div>
  );
}
