import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { LiveRefresh } from "@/components/live-refresh";
import { MoneyDisplay } from "@/components/money";
import { PageHeader } from "@/components/page-header";
import { RateLine } from "@/components/rate-line";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { Row, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatDateTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { listRewardHistory, rewardSums } from "@/lib/rewards/history";
import { getStoreRewards } from "@/lib/rewards/queries";
import { WalletShell } from "../../wallet-shell";
import { ValuesNote } from "../values-note";
import { RewardDetails } from "./reward-details";
import { RewardHistory } from "./reward-history";

const readStore = cache(async (storeId: string) => getStoreRewards(await requireActor(), storeId));

async function orNotFound<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
}

export async function generateMetadata({ params }: PageProps<"/rewards/[storeId]">): Promise<Metadata> {
  const { store } = await orNotFound(readStore((await params).storeId));
  return { title: store.name, robots: { index: false } };
}

const BPS_PER_PERCENT = 100;

/** One store's rewards: what they are worth, what they came from, where they buy, and every change of them. */
export default async function StoreRewardsPage({ params, searchParams }: PageProps<"/rewards/[storeId]">) {
  const [{ storeId }, { before }, actor, t, locale] = await Promise.all([params, searchParams, requireActor(), getTranslations("rewards"), getLocale()]);
  const [{ store, units, valueUsdMicros, elsewhereFrom, byChain, rate, values, others }, sums, history] = await Promise.all([
    orNotFound(readStore(storeId)),
    orNotFound(rewardSums(actor, storeId)),
    orNotFound(listRewardHistory(actor, storeId, typeof before === "string" ? { before } : {})),
  ]);
  const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(store.rewardRateBps / BPS_PER_PERCENT);
  return (
    <WalletShell current="home">
      <LiveRefresh url={paths.liveMe()} />
      <PageHeader title={store.name} backHref={paths.rewards()} />
      <div className="grid gap-4 px-5 pb-6">
        <section aria-labelledby="worth" className="text-center">
          <div className="flex justify-center">
            <Tile seed={tileSeed(store.id, store.qrVersion)} size={84} isNamed />
          </div>
          <h2 id="worth" className="mt-3 font-sans text-body font-[550] tracking-normal text-muted">
            {t("worth")}
          </h2>
          <p className="mt-1" data-testid="store-worth">
            <MoneyDisplay amount={brlCentavosFromUsd(valueUsdMicros, rate.brlPerUsdMicros)} currency="BRL" size="l" />
          </p>
          <p className="mt-1 text-small text-muted">
            {formatUsd(valueUsdMicros, locale)} · <RateLine brlPerUsdMicros={rate.brlPerUsdMicros} at={rate.quotedAt} />
          </p>
          <ValuesNote values={values} rate={rate} />
        </section>
        {units === 0n ? <Note tone="neutral">{t(sums.earnedUsdMicros > 0n ? "noneLeft" : "none")}</Note> : null}
        {store.state === "closed" ? <Note tone="info">{t("closedText")}</Note> : null}
        {elsewhereFrom ? <Note tone="caution">{t("elsewhereFrom", { time: formatDateTime(elsewhereFrom, locale) })}</Note> : null}

        <Card aria-labelledby="where">
          <h2 id="where" className="text-heading">
            {t("where")}
          </h2>
          <p className="mt-1 text-muted">{t("whereText")}</p>
          {store.state === "open" && store.shortCode ? (
            <div className="mt-4">
              <LinkButton href={paths.pay(store.shortCode)} isWide>
                {t("payHere", { store: store.name })}
              </LinkButton>
            </div>
          ) : null}
          {others.length > 0 ? (
            <>
              <h3 className="mt-5 mb-1 text-label">{t("others")}</h3>
              <div className="-mx-4">
                <RowList isFlat label={t("others")}>
                  {others.map((other) => (
                    <Row key={other.id} href={other.shortCode ? paths.pay(other.shortCode) : undefined} leading={<Tile seed={tileSeed(other.id, other.qrVersion)} size={44} />} title={other.name} line={other.place} />
                  ))}
                </RowList>
              </div>
            </>
          ) : null}
        </Card>

        <Card aria-labelledby="how">
          <h2 id="how" className="text-heading">
            {t("how")}
          </h2>
          <p className="mt-1 text-muted">{t("howText", { count: sums.payments, percent })}</p>
          <dl className="mt-3 text-label">
            {([["earned", sums.earnedUsdMicros], ["spent", sums.spentUsdMicros], ["cashed", sums.cashedUsdMicros]] as const)
              .filter(([name, value]) => name === "earned" || value > 0n)
              .map(([name, value]) => (
                <div key={name} className="flex justify-between gap-4 py-1.5">
                  <dt className="font-normal text-muted">{t(name)}</dt>
                  <dd className="tabular-nums">{formatUsd(value, locale)}</dd>
                </div>
              ))}
          </dl>
          <p className="mt-2 text-caption text-muted">{t("sumsNote")}</p>
        </Card>

        <RewardHistory storeId={store.id} history={history} isOlder={typeof before === "string"} />
        {byChain.length > 0 ? <RewardDetails byChain={byChain} /> : null}
      </div>
    </WalletShell>
  );
}
