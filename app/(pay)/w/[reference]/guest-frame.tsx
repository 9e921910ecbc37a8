import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { PayShell } from "@/app/(pay)/pay-shell";
import { MoneyDisplay } from "@/components/money";
import { PageHeader } from "@/components/page-header";
import { RateLine } from "@/components/rate-line";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import type { GuestPaymentView } from "@/lib/guests/queries";
import { formatBrl, formatCents, usdCentsFromMicros } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/i18n/locale";

/** Who is paid and how much: the head of a wallet's page in every state but paid. */
export function GuestFrame({ view, title, locale, children }: { view: GuestPaymentView; title: string; locale: Locale; children: ReactNode }) {
  const t = useTranslations("guest");
  const { store } = view;
  const charge = view.own?.charge ?? null;
  return (
    <PayShell>
      <PageHeader title={title} backHref={charge ? paths.charge(charge.id) : store.shortCode ? paths.payByWallet(store.shortCode, { cents: view.amountBrlCentavos, currency: "BRL" }) : paths.home()} />
      <main id="content" className="flex flex-1 flex-col gap-4 px-5 pb-5">
        <div className="pt-0.5 text-center">
          <div className="flex justify-center">
            <Tile seed={tileSeed(store.id, store.qrVersion)} size={64} isNamed />
          </div>
          <p className="mt-2.5">
            <b className="font-semibold">{store.name}</b> {store.place ? <span className="text-muted">· {store.place}</span> : null}
          </p>
          <p className="mt-2">
            <MoneyDisplay currency="BRL" amount={view.amountBrlCentavos} size="l" />
          </p>
          <p className="mt-1 text-small text-muted tabular-nums">
            {formatCents(usdCentsFromMicros(view.amountUsdMicros, "up"), "USD", locale)} · <RateLine brlPerUsdMicros={view.brlPerUsdMicros} at={view.rateAt} now={view.createdAt} timeZone={store.timeZone} />
          </p>
          {charge && charge.tipBrlCentavos > 0n ? <p className="mt-1 text-small text-muted">{t("tip", { amount: formatBrl(charge.tipBrlCentavos, locale) })}</p> : null}
          {charge?.note ? <p className="mx-auto mt-2 w-fit max-w-full rounded-[14px] bg-sunk px-3.5 py-1.5 break-words">{charge.note}</p> : null}
          {charge && view.status === "open" ? <p className="mt-2 text-small text-muted">{t("chargeHeld")}</p> : null}
        </div>
        {children}
      </main>
    </PayShell>
  );
}
