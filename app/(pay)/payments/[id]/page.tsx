import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { shouldOfferPasskey } from "@/lib/auth/passkeys/queries";
import { requireActor } from "@/lib/auth/session";
import { centsOf, speakMoney } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { Checking } from "./checking";
import { NotCompleted } from "./not-completed";
import { Paid } from "./paid";
import { priceOfPayment } from "./price-of-payment";
import { readPayment } from "./read-payment";

export async function generateMetadata({ params }: PageProps<"/payments/[id]">): Promise<Metadata> {
  const [t, { status }] = await Promise.all([getTranslations("pay"), params.then(({ id }) => readPayment(id))]);
  return { title: t(status === "confirmed" ? "paid" : status === "failed" ? "notCompleted" : "checkingShort"), robots: { index: false } };
}

/** One address for the whole life of a payment: checking, then paid or not completed. A reorg may lead back from paid to checking. */
export default async function PaymentPage({ params }: PageProps<"/payments/[id]">) {
  const [payment, t, locale] = await Promise.all([params.then(({ id }) => readPayment(id)), getTranslations("pay"), getLocale()]);
  const { currency, amount } = priceOfPayment(payment);
  const isOffered = payment.status === "confirmed" && (await shouldOfferPasskey(await requireActor()));
  const said = {
    pending: t("checkingHeading"),
    failed: t("failed"),
    confirmed: `${t("paid")}. ${speakMoney(centsOf(amount, currency), currency, locale)} ${payment.store ? t("paidTo", { store: payment.store.name }) : ""}`,
  };
  return (
    <>
      {/* It stays while the screens below change, so that readers hear each of them. */}
      <p role="status" className="sr-only">
        {said[payment.status]}
      </p>
      <LiveRefresh url={paths.liveMe()} />
      <AreaMessages areas={["pay"]}>
        {payment.status === "confirmed" ? (
          <Paid payment={payment} onward={isOffered ? paths.passkeyOffer() : paths.home()} />
        ) : (
          <PayShell>{payment.status === "failed" ? <NotCompleted payment={payment} /> : <Checking payment={payment} />}</PayShell>
        )}
      </AreaMessages>
    </>
  );
}
