"use client";

import { useLocale, useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { MoneyDisplay } from "@/components/money";
import { ConfirmationPlate, PaidMoment } from "@/components/paid-moment";
import { TickingClock } from "@/components/ticking-clock";
import { buttonStyle } from "@/components/ui/button-style";
import { PIX_PAYER, type StorePayment } from "@/lib/live/rules";
import { formatCents, usdCentsFromMicros } from "@/lib/money-format";
import { payerName } from "../../../payer-name";
import { priceOf } from "../../../payment-amount";
import { PixReward } from "./pix-reward";
import type { TillStore } from "./till";

/** The whole screen green, until the cashier goes on. Nothing else turns the till green. */
export function PaidView({ payment, store, waitingCount, onNext }: { payment: StorePayment; store: TillStore; waitingCount: number; onNext: () => void }) {
  const t = useTranslations("till");
  const locale = useLocale();
  const screen = useRef<HTMLDivElement>(null);
  // The keyboard follows what is on the screen; Tab then leads to the one button.
  useEffect(() => screen.current?.focus(), []);
  const name = payerName(payment, t);
  const price = priceOf(payment);
  const cents = price.currency === "USD" ? usdCentsFromMicros(price.amount) : price.amount;
  return (
    <div ref={screen} tabIndex={-1} role="alert" aria-label={t("paidSpoken", { amount: formatCents(cents, price.currency, locale), name, code: payment.code ?? "" })} data-testid="till-paid" className="fixed inset-0 z-60 animate-tide bg-paid outline-none">
      <PaidMoment
        seed={store.seed}
        title={t("paid")}
        variant="till"
        footer={
          <div className="grid gap-3 md:grid-cols-[minmax(0,1fr)_292px] md:gap-4">
            <ConfirmationPlate label={t("confirmationCode")} code={payment.code ?? ""} trailing={<TickingClock timeZone={store.timeZone} />} />
            <button type="button" onClick={onNext} className={`${buttonStyle({ kind: "primary", size: "till", isWide: true })} bg-glaze! text-on-paid! focus-visible:outline-on-paid!`}>
              {t("nextSale")}
            </button>
          </div>
        }
      >
        <MoneyDisplay {...price} size="paid" className="mt-2" />
        <p className="mt-2 text-heading font-[550] md:text-title">{name}</p>
        {waitingCount > 0 ? <p className="mt-2 inline-block rounded-[14px] bg-on-paid/12 px-3.5 py-1.5 text-button">{t("queued", { count: waitingCount })}</p> : null}
        {payment.chargeId && payment.payerName === PIX_PAYER ? <PixReward key={payment.chargeId} storeId={store.id} chargeId={payment.chargeId} /> : null}
      </PaidMoment>
    </div>
  );
}
