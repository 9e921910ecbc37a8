import { CircleCheck, CircleDashed, FileDown } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { AreaMessages } from "@/components/area-messages";
import { MoneyDisplay } from "@/components/money";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Disclosure } from "@/components/ui/disclosure";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { chainName } from "@/lib/chain/chains";
import type { Locale } from "@/lib/i18n/locale";
import { formatBrl, formatDateTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getPayout, type PayoutView } from "@/lib/payouts/queries";
import { isOpen, ON_THE_WAY, shownBridgeFee } from "@/lib/payouts/rules";
import { getStoreFrame, type StoreHead } from "@/lib/stores/queries";
import { orNotFound } from "../../../../or-not-found";
import { StorePage } from "../../store-page";
import { DestinationText, PayoutChip } from "../payout-words";
import { AcceptOffer, RetryPayout } from "./answer-forms";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("payouts.detail"))("title") };
}

/** How soon a payout that is under way is looked at again. */
const OPEN_EVERY_MS = 2_000;

/** One payout for its whole life: where it stands, what the owner may do, the receipt at the end. Survives reload and a closed tab. */
export default async function PayoutPage({ params }: PageProps<"/stores/[storeId]/payouts/[payoutId]">) {
  const { storeId, payoutId } = await params;
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const payout = await orNotFound(getPayout(actor, storeId, payoutId));
  const [t, locale] = await Promise.all([getTranslations("payouts.detail"), getLocale()]);
  return (
    <StorePage actor={actor} store={store} role={role} current="payouts">
      {isOpen(payout.state) ? <RefreshUntilReady everyMs={OPEN_EVERY_MS} /> : null}
      <AreaMessages areas={["payouts"]}>
        <Link href={paths.storePayouts(store.id)} className="inline-flex min-h-11 items-center font-semibold text-brand-ink underline underline-offset-3">
          {t("back")}
        </Link>
        <header className="flex flex-wrap items-center justify-between gap-3">
          <div className="min-w-0">
            <h1>{t("title")}</h1>
            <p className="mt-1 break-words text-muted">
              <DestinationText to={payout.to} />
              {payout.to.kind !== "balance" && payout.to.name ? ` (${payout.to.name})` : null}
            </p>
          </div>
          <div role="status">
            <PayoutChip state={payout.state} />
          </div>
        </header>
        <div className="mt-6 grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_400px]">
          <div className="grid gap-5">
            <Card aria-labelledby="amount">
              <h2 id="amount" className="font-sans text-label tracking-normal text-muted">
                {t("amount")}
              </h2>
              <p className="mt-1">{payout.amountBrlCentavos === null ? <MoneyDisplay currency="USD" amount={payout.netUsdMicros} size="l" /> : <MoneyDisplay currency="BRL" amount={payout.amountBrlCentavos} size="l" />}</p>
              <p className="text-muted tabular-nums">{formatUsd(payout.netUsdMicros, locale)}</p>
              <WhatNow storeId={store.id} payout={payout} locale={locale} />
            </Card>
            <Facts store={store} payout={payout} locale={locale} />
          </div>
          <Progress payout={payout} timeZone={store.timeZone} locale={locale} />
        </div>
      </AreaMessages>
    </StorePage>
  );
}

/** What its state means, and what the owner may do about it. */
async function WhatNow({ storeId, payout, locale }: { storeId: string; payout: PayoutView; locale: Locale }) {
  const t = await getTranslations("payouts.detail");
  const least = formatBrl(payout.minimumBrlCentavos ?? 0n, locale);
  const offered = formatBrl(payout.offeredBrlCentavos ?? 0n, locale);
  const note = (tone: "caution" | "danger" | "info", text: ReactNode) => <Note tone={tone}>{text}</Note>;
  return (
    <div className="mt-4 grid gap-3 empty:hidden">
      {payout.problem === "partner_away" ? note("caution", t("checkPartner")) : null}
      {payout.bridge?.isOnTheWay ? (payout.bridge.problem ? note("caution", t("bridgeLate")) : note("info", t(payout.bridge.isFast ? "onTheWay" : "onTheWaySlow"))) : null}
      {payout.problem === "credit_late" ? note("caution", t("creditLate")) : null}
      {payout.state === "on_hold" ? note("info", t("onHold")) : null}
      {payout.state === "returned" ? note("caution", t("returned")) : null}
      {payout.state === "failed" ? note("danger", payout.isFunded ? t("failedFunded", { reason: payout.reason ?? "unknown" }) : t("failedUnfunded")) : null}
      {payout.state === "needs_confirmation" ? note("caution", payout.isFunded ? t("fell", { least, offered }) : t("fellUnfunded")) : null}
      {payout.state === "needs_confirmation" && payout.isFunded && payout.offeredBrlCentavos !== null ? (
        <AcceptOffer storeId={storeId} payoutId={payout.id} offered={payout.offeredBrlCentavos.toString()} label={t("accept", { amount: offered })} />
      ) : null}
      {payout.canRetry ? (
        <RetryPayout storeId={storeId} payoutId={payout.id} others={payout.others.filter(({ id }) => id !== payout.destinationId).map(({ id, label, name, shown }) => ({ value: id, label: [label ?? name, shown].filter(Boolean).join(" · ") }))} />
      ) : null}
      {payout.canAskAnew ? <LinkButton href={paths.newPayout(storeId, { again: payout.id })}>{t("askAnew")}</LinkButton> : null}
      {payout.state === "completed" ? (
        <div className="flex flex-wrap gap-2">
          <a href={paths.payoutReceipt(storeId, payout.id)} download className={buttonStyle({ kind: "soft", size: "medium" })}>
            <Icon of={FileDown} />
            {t("receipt")}
          </a>
          {payout.hasPartnerReceipt ? (
            <a href={paths.payoutReceipt(storeId, payout.id, "partner")} download className={buttonStyle({ kind: "quiet", size: "medium" })}>
              <Icon of={FileDown} />
              {t("partnerReceipt")}
            </a>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

async function Facts({ store, payout, locale }: { store: StoreHead; payout: PayoutView; locale: Locale }) {
  const [t, review] = await Promise.all([getTranslations("payouts.detail"), getTranslations("payouts.review")]);
  const when = (at: Date) => formatDateTime(at, locale, store.timeZone);
  const facts: [string, string | null][] = [
    [review("fromBalance"), formatUsd(payout.amountUsdMicros, locale)],
    [t("fee"), formatUsd(payout.feeUsdMicros - (payout.bridge?.feeUsdMicros ?? 0n), locale)],
    [payout.bridge?.hasArrived ? t("bridgeFee") : review("bridgeFee"), payout.bridge && formatUsd(shownBridgeFee(payout.bridge.feeUsdMicros), locale)],
    [review("net"), formatUsd(payout.netUsdMicros, locale)],
    [t("requestedBy"), payout.requestedBy],
    [t("requestedAt"), when(payout.at)],
    [t("completedAt"), payout.completedAt && when(payout.completedAt)],
    [t("endToEnd"), payout.endToEndId],
  ];
  const { chainId, txHash, externalId, payee } = payout.details;
  const details: [string, string | null][] = [
    [t("network"), chainId && chainName(chainId)],
    [t("transaction"), txHash],
    [t("arrival"), payout.bridge?.arrivedTxHash ?? null],
    [t("account"), payee],
    [t("externalId"), externalId],
  ];
  return (
    <>
      <Card aria-labelledby="lines">
        <h2 id="lines">{t("lines")}</h2>
        <FactList facts={facts} />
      </Card>
      <Disclosure title={t("details")}>
        <div className="px-5.5 pb-4">
          <FactList facts={details} />
        </div>
      </Disclosure>
    </>
  );
}

const FactList = ({ facts }: { facts: [string, string | null][] }) => (
  <dl className="mt-2 divide-y divide-line">
    {facts.map(([term, value]) =>
      value === null ? null : (
        <div key={term} className="flex flex-wrap justify-between gap-x-4 gap-y-0.5 py-2.5">
          <dt className="text-muted">{term}</dt>
          <dd className="min-w-0 font-semibold break-all tabular-nums">{value}</dd>
        </div>
      ),
    )}
  </dl>
);

async function Progress({ payout, timeZone, locale }: { payout: PayoutView; timeZone: string; locale: Locale }) {
  const t = await getTranslations("payouts");
  return (
    <Card aria-labelledby="progress">
      <h2 id="progress">{t("detail.progress")}</h2>
      <ol className="mt-3 grid gap-3.5">
        {payout.steps.map((step, at) => (
          <li key={`${step.state} ${step.at.getTime()}`} className="flex items-start gap-3">
            <Icon of={at === payout.steps.length - 1 && isOpen(payout.state) ? CircleDashed : CircleCheck} className={at === payout.steps.length - 1 && isOpen(payout.state) ? "mt-0.5 text-brand-ink" : "mt-0.5 text-positive"} />
            <span className="min-w-0">
              <span className="block font-semibold">{t(`steps.${step.state === "funding" && step.reason === ON_THE_WAY ? "bridge" : step.state}`)}</span>
              <span className="block text-small text-muted">{formatDateTime(step.at, locale, timeZone)}</span>
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
