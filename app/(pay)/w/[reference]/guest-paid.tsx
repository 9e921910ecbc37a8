import { ReceiptText } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { PlayOnce } from "@/app/(pay)/payments/[id]/play-once";
import { MoneyDisplay } from "@/components/money";
import { PaidFeedback } from "@/components/paid-feedback";
import { ConfirmationPlate, PaidMoment } from "@/components/paid-moment";
import { TickingClock } from "@/components/ticking-clock";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import type { GuestPaymentView } from "@/lib/guests/queries";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { Extras } from "./extras";

const FRESH_MS = 20_000;

/** Green, the code of the till, what was earned, and how to keep it. For the browser that paid. */
export function GuestPaid({ view, own, paid, now = new Date() }: { view: GuestPaymentView; own: NonNullable<GuestPaymentView["own"]>; paid: NonNullable<GuestPaymentView["paid"]>; now?: Date }) {
  const t = useTranslations("guest");
  const locale = useLocale();
  const { store } = view;
  const seed = tileSeed(store.id, store.qrVersion);
  const isFresh = now.getTime() - paid.at.getTime() < FRESH_MS;
  const earned = own.reward?.valueUsdMicros ? brlCentavosFromUsd(own.reward.valueUsdMicros, view.brlPerUsdMicros) : null;
  return (
    <main id="content" className="min-h-dvh bg-paid [--color-focus:var(--color-on-paid)]">
      <PlayOnce eventKey={view.reference} isFresh={isFresh}>
        <PaidMoment
          seed={seed}
          title={t("paid")}
          footer={
            <div className="mx-auto grid w-full max-w-[440px] gap-3 pb-2">
              {own.code ? <ConfirmationPlate label={t("code")} code={own.code} trailing={<TickingClock timeZone={store.timeZone} />} /> : null}
              {earned ? (
                <div className="flex items-center gap-3 rounded-card bg-[color-mix(in_srgb,var(--color-reward)_28%,var(--color-glaze))] px-4.5 py-3.5 text-left text-on-reward">
                  <Tile seed={seed} size={44} />
                  <p className="min-w-0">
                    <b className="block leading-5">{t("earned", { amount: formatBrl(earned, locale) })}</b>
                    <span className="text-small">{t(own.isForAccount ? "earnedAccount" : "earnedWallet")}</span>
                  </p>
                </div>
              ) : null}
              <Extras extras={view.extras} />
              <div className="mt-3 grid gap-2">
                {own.isForAccount ? (
                  <LinkButton href={paths.home()} kind="ink" isWide>
                    {t("done")}
                  </LinkButton>
                ) : (
                  <LinkButton href={paths.loginWallet(paths.walletRewards())} kind="ink" isWide>
                    {t("keep")}
                  </LinkButton>
                )}
                <Link href={paths.guestReceipt(view.reference)} className="flex min-h-14 items-center justify-center gap-2.5 rounded-control text-button text-on-paid no-underline">
                  <Icon of={ReceiptText} />
                  {t("receipt")}
                </Link>
              </div>
            </div>
          }
        >
          <p className="mt-1">
            <MoneyDisplay currency="BRL" amount={view.amountBrlCentavos} size="l" />
          </p>
          {own.charge && own.charge.tipBrlCentavos > 0n ? <p className="text-small">{t("tip", { amount: formatBrl(own.charge.tipBrlCentavos, locale) })}</p> : null}
          <p className="mt-1.5 font-[550]">{t("paidTo", { store: store.name })}</p>
        </PaidMoment>
      </PlayOnce>
      {isFresh ? <PaidFeedback eventKey={view.reference} hasSound={false} /> : null}
    </main>
  );
}
