import { ReceiptText } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { MoneyDisplay } from "@/components/money";
import { PaidFeedback } from "@/components/paid-feedback";
import { ConfirmationPlate, PaidMoment } from "@/components/paid-moment";
import { TickingClock } from "@/components/ticking-clock";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { PaymentView } from "@/lib/payments/queries";
import { inReaisOfPayment, priceOfPayment } from "./price-of-payment";
import { PaidParts } from "./paid-parts";
import { PlayOnce } from "./play-once";

/** Longer after the block than this, the page is a look back and nothing moves. */
const FRESH_MS = 20_000;

/** Green, the code, what was earned. The clock ticks, so that a picture of it cannot pass for a payment. */
export function Paid({ payment, onward = paths.home(), now = new Date() }: { payment: PaymentView; /** Where "done" leads. */ onward?: Route; now?: Date }) {
  const t = useTranslations("pay");
  const locale = useLocale();
  const { store, reward } = payment;
  const seed = store ? tileSeed(store.id, store.qrVersion) : payment.id;
  const isFresh = payment.confirmedAt !== null && now.getTime() - payment.confirmedAt.getTime() < FRESH_MS;
  const earned = reward?.valueUsdMicros ? inReaisOfPayment(reward.valueUsdMicros, payment) : null;
  return (
    <main id="content" className="min-h-dvh bg-paid [--color-focus:var(--color-on-paid)]">
      <PlayOnce eventKey={payment.id} isFresh={isFresh}>
        <PaidMoment
          seed={seed}
          title={t("paid")}
          footer={
            <div className="mx-auto grid w-full max-w-[440px] gap-3 pb-2">
              {payment.confirmationCode ? (
                <ConfirmationPlate label={t("confirmationCode")} code={payment.confirmationCode} trailing={<TickingClock timeZone={store?.timeZone} />} />
              ) : null}
              {earned ? (
                <div className="flex items-center gap-3 rounded-card bg-[color-mix(in_srgb,var(--color-reward)_28%,var(--color-glaze))] px-4.5 py-3.5 text-left text-on-reward">
                  <Tile seed={seed} size={44} />
                  <p className="min-w-0">
                    <b className="block leading-5">{t("earned", { amount: formatBrl(earned, locale) })}</b>
                    <span className="text-small">{t("earnedUse")}</span>
                  </p>
                </div>
              ) : null}
              <div className="mt-3 grid gap-2">
                <LinkButton href={onward} kind="ink" isWide>
                  {t("done")}
                </LinkButton>
                <Link href={paths.receipt(payment.id)} className="flex min-h-14 items-center justify-center gap-2.5 rounded-control text-button text-on-paid no-underline">
                  <Icon of={ReceiptText} />
                  {t("receipt")}
                </Link>
              </div>
            </div>
          }
        >
          <p className="mt-1">
            <MoneyDisplay {...priceOfPayment(payment)} size="l" />
          </p>
          {store ? <p className="mt-1.5 font-[550]">{t("paidTo", { store: store.name })}</p> : null}
          {payment.charge && payment.charge.tipUsdMicros > 0n ? <p className="text-small">{t("tipIncluded", { amount: payment.amountBrlCentavos === null ? formatUsd(payment.charge.tipUsdMicros, locale) : formatBrl(payment.charge.tipBrlCentavos, locale) })}</p> : null}
          {payment.refund?.ofSale ? (
            <p className="mt-1.5 font-[550]">
              {t(payment.refund.status === "refunded" ? "refundedOf" : "refundingOf", { amount: formatBrl(payment.refund.ofSale.amountBrlCentavos, locale), total: payment.amountBrlCentavos === null ? formatUsd(payment.amountUsdMicros, locale) : formatBrl(payment.amountBrlCentavos, locale) })}
            </p>
          ) : null}
          {payment.parts.length > 1 || payment.parts[0]?.kind === "own" ? <PaidParts payment={payment} /> : null}
        </PaidMoment>
      </PlayOnce>
      {isFresh ? <PaidFeedback eventKey={payment.id} hasSound={false} /> : null}
    </main>
  );
}
