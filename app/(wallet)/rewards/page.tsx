import { ScanLine, Sparkles } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { MoneyDisplay } from "@/components/money";
import { PageHeader } from "@/components/page-header";
import { RateLine } from "@/components/rate-line";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Row, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getRewards, type StoreRewards } from "@/lib/rewards/queries";
import { BonusEntry } from "../bonus/bonus-entry";
import { WalletShell } from "../wallet-shell";
import { ValuesNote } from "./values-note";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("rewards"))("title"), robots: { index: false } };
}

/** What a person's rewards are worth, store by store, each one line over all chains. */
export default async function RewardsPage() {
  const now = new Date();
  const [actor, t, locale] = await Promise.all([requireActor(), getTranslations("rewards"), getLocale()]);
  const { totalUsdMicros, rewards, small, rate, values } = await getRewards(actor, now);
  const inReais = (usdMicros: bigint) => brlCentavosFromUsd(usdMicros, rate.brlPerUsdMicros);
  const isEmpty = rewards.length === 0 && small.length === 0;
  const row = ({ store, valueUsdMicros }: StoreRewards, isSmall: boolean) => (
    <Row
      key={store.id}
      href={paths.storeRewards(store.id)}
      leading={<Tile seed={tileSeed(store.id, store.qrVersion)} size={44} />}
      title={store.name}
      line={store.state === "closed" ? t("closed") : store.state === "not_open" ? t("notOpen") : store.place}
      amount={<span className="text-reward-ink">{isSmall ? undefined : formatBrl(inReais(valueUsdMicros), locale)}</span>}
      state={isSmall ? t("smallWorth") : null}
    />
  );
  return (
    <WalletShell current="home">
      <LiveRefresh url={paths.liveMe()} />
      <PageHeader title={t("title")} backHref={paths.home()} />
      {isEmpty ? (
        <EmptyState
          icon={<Icon of={Sparkles} size="large" />}
          title={t("emptyTitle")}
          text={t("emptyText")}
          action={
            <LinkButton href={paths.scan()} icon={<Icon of={ScanLine} />}>
              {t("payStore")}
            </LinkButton>
          }
        />
      ) : (
        <>
          <section aria-labelledby="worth" className="px-5 pt-2 pb-5">
            <h2 id="worth" className="font-sans text-body font-[550] tracking-normal text-muted">
              {t("worth")}
            </h2>
            <p className="mt-1" data-testid="rewards-total">
              <MoneyDisplay amount={inReais(totalUsdMicros)} currency="BRL" size="l" />
            </p>
            <p className="mt-1 text-small text-muted">
              <RateLine brlPerUsdMicros={rate.brlPerUsdMicros} at={rate.quotedAt} now={now} />
            </p>
            <ValuesNote values={values} rate={rate} />
          </section>
          <div className="grid gap-5 px-3">
            {rewards.length > 0 ? <RowList label={t("list")}>{rewards.map((one) => row(one, false))}</RowList> : null}
            <BonusEntry actor={actor} brlPerUsdMicros={rate.brlPerUsdMicros} isFlush />
            {small.length > 0 ? (
              <section aria-labelledby="small">
                <h2 id="small" className="px-2 pb-2 font-sans text-small font-semibold tracking-normal text-muted">
                  {t("small")}
                </h2>
                <RowList>{small.map((one) => row(one, true))}</RowList>
              </section>
            ) : null}
          </div>
        </>
      )}
    </WalletShell>
  );
}
