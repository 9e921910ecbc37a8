import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { signingOf, type Signing } from "@/app/sign/signing";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { shouldOfferPasskey } from "@/lib/auth/passkeys/queries";
import { requireActor } from "@/lib/auth/session";
import { centsOf, speakMoney } from "@/lib/money-format";
import { preparedOperations } from "@/lib/operations/queries";
import { paths } from "@/lib/paths";
import { paymentToSign, type PaymentToSign } from "@/lib/payments/payment-to-sign";
import type { PaymentView } from "@/lib/payments/queries";
import { Checking } from "./checking";
import { NotCompleted } from "./not-completed";
import { Paid } from "./paid";
import { priceOfPayment } from "./price-of-payment";
import { readPayment } from "./read-payment";
import { Unsigned } from "./unsigned";

export async function generateMetadata({ params }: PageProps<"/payments/[id]">): Promise<Metadata> {
  const [t, { status }] = await Promise.all([getTranslations("pay"), params.then(({ id }) => readPayment(id))]);
  return { title: t(status === "confirmed" ? "paid" : status === "failed" ? "notCompleted" : "checkingShort"), robots: { index: false } };
}

type Waiting = { toSign: PaymentToSign; signing: Signing; secondsLeft: number | null };

/** What a payment of somebody who signs by themselves still waits for; null once it is signed, and for everybody else. */
async function waitingOf(payment: PaymentView): Promise<Waiting | null> {
  if (payment.status !== "pending" || payment.direction !== "out") return null;
  const actor = await requireActor();
  const toSign = await paymentToSign(actor, payment.id);
  if (!toSign) return null;
  const [[operation], signing] = await Promise.all([preparedOperations(actor, { subjectId: payment.id }), signingOf(actor)]);
  if (!signing || (operation?.status !== "queued" && operation?.status !== "prepared")) return null;
  const secondsLeft = operation.status === "prepared" && operation.validUntil ? Math.max(0, Math.floor((new Date(operation.validUntil).getTime() - Date.now()) / 1000)) : null;
  return { toSign, signing, secondsLeft };
}

/** One address for the whole life of a payment: checking, then paid or not completed. A reorg may lead back from paid to checking. */
export default async function PaymentPage({ params }: PageProps<"/payments/[id]">) {
  const [payment, t, locale] = await Promise.all([params.then(({ id }) => readPayment(id)), getTranslations("pay"), getLocale()]);
  // A bonus has its own words for the same life.
  if (payment.type === "bonus_claim") redirect(paths.bonusClaim(payment.id));
  if (payment.purpose === "send" || payment.purpose === "request") redirect(paths.sent(payment.id));
  if (payment.kind === "refund") redirect(paths.receipt(payment.id));
  const { currency, amount } = priceOfPayment(payment);
  const isOffered = payment.status === "confirmed" && (await shouldOfferPasskey(await requireActor()));
  const waiting = await waitingOf(payment);
  const said = {
    pending: waiting ? (await getTranslations("signing"))("pay.title") : t("checkingHeading"),
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
      <AreaMessages areas={waiting ? ["pay", "signing", "wallets"] : ["pay"]}>
        {payment.status === "confirmed" ? (
          <Paid payment={payment} onward={isOffered ? paths.passkeyOffer() : paths.home()} />
        ) : (
          <PayShell>{payment.status === "failed" ? <NotCompleted payment={payment} /> : waiting ? <Unsigned payment={payment} {...waiting} /> : <Checking payment={payment} />}</PayShell>
        )}
      </AreaMessages>
    </>
  );
}
