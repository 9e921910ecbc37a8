"use client";

import { useLocale, useTranslations } from "next-intl";
import { MoneyDisplay } from "@/components/money";
import { PIX_PAYER, type StorePayment } from "@/lib/live/rules";
import { formatCents, usdCentsFromMicros } from "@/lib/money-format";
import { payerName } from "../../../payer-name";
import { priceOf } from "../../../payment-amount";
import { PaidCover } from "./paid-cover";
import { PixReward } from "./pix-reward";
import type { TillStore } from "./till";

/** The green screen of one payment, until the cashier goes on. */
export function PaidView({ payment, store, waitingCount, onNext }: { payment: StorePayment; store: TillStore; waitingCount: number; onNext: () => void }) {
  const t = useTranslations("till");
  const locale = useLocale();
  const name = payerName(payment, t);
  const price = priceOf(payment);
  const cents = price.currency === "USD" ? usdCentsFromMicros(price.amount) : price.amount;
  const code = payment.code ?? "";
  return (
    <PaidCover seed={store.seed} timeZone={store.timeZone} spoken={t("paidSpoken", { amount: formatCents(cents, price.currency, locale), name, code })} code={code} action={t("nextSale")} onAction={onNext}>
      <MoneyDisplay {...price} size="paid" className="mt-2" />
      <p className="mt-2 text-heading font-[550] md:text-title">{name}</p>
      {waitingCount > 0 ? <p className="mt-2 inline-block rounded-[14px] bg-on-paid/12 px-3.5 py-1.5 text-button">{t("queued", { count: waitingCount })}</p> : null}
      {payment.chargeId && payment.payerName === PIX_PAYER ? <PixReward key={payment.chargeId} storeId={store.id} chargeId={payment.chargeId} /> : null}
    </PaidCover>
  );
}
