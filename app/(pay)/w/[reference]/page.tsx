import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { StatusChip } from "@/components/status-chip";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import { WalletRoom } from "@/components/wallet/wallet-room";
import { walletSetup } from "@/lib/auth/wallets/wallet-setup";
import { guestPaymentVersion, type GuestPaymentView } from "@/lib/guests/queries";
import { GUEST_CHARGE_MINUTES, GUEST_PAYMENT_MINUTES } from "@/lib/guests/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { paths } from "@/lib/paths";
import { Extras } from "./extras";
import { GuestFrame } from "./guest-frame";
import { GuestPaid } from "./guest-paid";
import { KeepWatching } from "./keep-watching";
import { PayByWallet } from "./pay-by-wallet";
import { readGuestPayment } from "./read-guest-payment";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("guest"))("title"), robots: { index: false }, referrer: "no-referrer" };
}

/** One address for the whole life of a wallet's payment: pay, checking, paid, or a price that ended. Survives reload and a closed tab. */
export default async function GuestPaymentPage({ params }: PageProps<"/w/[reference]">) {
  const { reference } = await params;
  const [view, version, t] = await Promise.all([readGuestPayment(reference), guestPaymentVersion(reference), getTranslations("guest")]);
  const said = { open: "", checking: t("checkingTitle"), paid: `${t("paid")} ${t("paidTo", { store: view.store.name })}`, expired: t("expiredTitle") };
  return (
    <AreaMessages areas={["pay", "guest", "wallets"]}>
      <p role="status" className="sr-only">
        {said[view.status]}
      </p>
      <KeepWatching reference={reference} version={version} isSettled={view.status === "paid"} />
      {view.paid && view.own ? <GuestPaid view={view} own={view.own} paid={view.paid} /> : <Waiting view={view} />}
    </AreaMessages>
  );
}

/** Everything that is not green. */
async function Waiting({ view }: { view: GuestPaymentView }) {
  const [t, locale] = await Promise.all([getTranslations("guest"), getLocale()]);
  const { own, store, status } = view;
  const amount = { cents: view.amountBrlCentavos, currency: "BRL" };
  const ended = own?.charge ? (own.charge.lostTo ?? "over") : null;
  const again = own?.charge ? (
    <LinkButton href={paths.charge(own.charge.id)} isWide>
      {t("toCharge")}
    </LinkButton>
  ) : store.shortCode ? (
    <LinkButton href={paths.payByWallet(store.shortCode, amount)} isWide>
      {t("newPrice")}
    </LinkButton>
  ) : null;
  return (
    <GuestFrame view={view} title={t("title")} locale={locale}>
      {view.failure === "reverted" && status !== "checking" ? <Note tone="caution">{t("reverted")}</Note> : null}
      <Extras extras={view.extras} />
      {view.paid ? (
        <Told title={t("paid")} chip={<StatusChip state="paid" />}>
          <p>{t("by", { address: view.paid.payer })}</p>
          <p className="mt-1 text-small text-muted">{t("strangerNote")}</p>
        </Told>
      ) : status === "checking" ? (
        <Told title={t("checkingTitle")} chip={<Spinner />}>
          <p className="text-muted">{t("checkingText")}</p>
        </Told>
      ) : status === "expired" ? (
        <>
          <Told title={ended ? t(`chargeEnded.${ended}.title`) : t("expiredTitle")} chip={<StatusChip state="expired" />}>
            <p className="text-muted">{ended ? t(`chargeEnded.${ended}.text`) : t("expiredText")}</p>
            {own?.payer ? <p className="mt-2 text-small text-muted">{t("expiredSent")}</p> : null}
          </Told>
          <div className="mt-auto">{again}</div>
        </>
      ) : own && store.shortCode ? (
        <WalletRoom {...walletSetup(own.chains.map(({ chainId }) => chainId))}>
          <PayByWallet
            reference={view.reference}
            shortCode={store.shortCode}
            amountUsdMicros={view.amountUsdMicros}
            amountBrlCentavos={view.amountBrlCentavos}
            rewardBrlCentavos={brlCentavosFromUsd(own.expectedRewardUsdMicros, view.brlPerUsdMicros)}
            secondsLeft={view.secondsLeft}
            totalSeconds={(own.charge ? GUEST_CHARGE_MINUTES : GUEST_PAYMENT_MINUTES) * 60}
            isForAccount={own.isForAccount}
            hasCharge={own.charge !== null}
            chains={own.chains}
          />
        </WalletRoom>
      ) : (
        <>
          <Told title={t("waitingTitle")} chip={null}>
            <p className="text-muted">{t("waitingText")}</p>
          </Told>
          {store.shortCode ? (
            <div className="mt-auto">
              <LinkButton href={paths.payByWallet(store.shortCode)} kind="soft" isWide>
                {t("toStore")}
              </LinkButton>
            </div>
          ) : null}
        </>
      )}
    </GuestFrame>
  );
}

function Told({ title, chip, children }: { title: string; chip: React.ReactNode; children: React.ReactNode }) {
  return (
    <section className="grid justify-items-center rounded-card bg-card px-5 py-6 text-center shadow-1">
      {chip}
      <h2 className="mt-3 text-heading">{title}</h2>
      <div className="mt-2 max-w-[38ch]">{children}</div>
    </section>
  );
}
