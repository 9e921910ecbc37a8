import { Sparkles } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { WalletShell } from "@/app/(wallet)/wallet-shell";
import { AreaMessages } from "@/components/area-messages";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { MoneyDisplay } from "@/components/money";
import { PageHeader } from "@/components/page-header";
import { RefreshEvery } from "@/components/refresh-every";
import { BrandPattern, Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Row, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { pendingClaims } from "@/lib/loans/claim-queries";
import { bonusOf } from "@/lib/loans/queries";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatDate, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { BonusForm, type PotChoice } from "./bonus-form";
import { HeadroomCard } from "./headroom-card";

/** Values move with every sale of the stores, which is nobody's own news. */
const VALUES_MS = 20_000;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bonus");
  return { title: t("title"), robots: { index: false } };
}

/** What could be taken today: the two ways side by side, from which store, and the advances that are open. */
export default async function BonusPage() {
  const actor = await requireActor();
  const [t, locale, bonus, pending, rate] = await Promise.all([getTranslations("bonus"), getLocale(), bonusOf(actor), pendingClaims(actor), currentRate()]);
  const inReais = (usdMicros: bigint) => brlCentavosFromUsd(usdMicros, rate.brlPerUsdMicros);
  const most = (bonus.cashOutUsdMicros > bonus.advanceUsdMicros ? bonus.cashOutUsdMicros : bonus.advanceUsdMicros) + bonus.headroomUsdMicros;
  const isEmpty = bonus.pots.length === 0 && bonus.loans.length === 0 && pending.length === 0;
  const places = new Map<string, number>();
  const choices = bonus.pots.map(({ key, store, cashOutUsdMicros, cashOutOpensAt, advanceUsdMicros }): PotChoice => {
    const number = (places.get(store.id) ?? 0) + 1;
    places.set(store.id, number);
    return { key, name: store.name, seed: tileSeed(store.id, store.qrVersion), number, cashOutUsdMicros, advanceUsdMicros, opensOn: cashOutOpensAt && formatDate(cashOutOpensAt, locale) };
  });
  return (
    <WalletShell current="home">
      <LiveRefresh url={paths.liveMe()} />
      <RefreshEvery ms={VALUES_MS} />
      <div className="lg:mt-6">
        <PageHeader title={t("title")} backHref={paths.home()} />
      </div>
      <div className="mt-1 grid gap-3 px-5 pb-5">
        {isEmpty ? (
          <EmptyState title={t("emptyTitle")} text={t("emptyText")} icon={<Icon of={Sparkles} size="large" />} action={<LinkButton href={paths.scan()}>{t("toScan")}</LinkButton>} />
        ) : (
          <section aria-labelledby="available" className="relative overflow-hidden rounded-[28px] bg-reward px-5.5 py-4 text-on-reward">
            <BrandPattern />
            <div className="relative">
              <h2 id="available" className="font-sans text-body font-semibold tracking-normal">
                {t("available")}
              </h2>
              <p className="mt-0.5">
                <MoneyDisplay amount={inReais(most)} currency="BRL" />
              </p>
              <p className="mt-1 text-small tabular-nums">
                {formatUsd(most, locale)} · {t("availableText")}
              </p>
            </div>
          </section>
        )}
        {pending.length > 0 ? (
          <section aria-labelledby="pending">
            <h2 id="pending" className="mb-2 text-label">
              {t("pendingTitle")}
            </h2>
            <RowList label={t("pendingTitle")}>
              {pending.map((claim) => (
                <Row
                  key={claim.id}
                  href={paths.bonusClaim(claim.id)}
                  leading={claim.store ? <Tile seed={tileSeed(claim.store.id, claim.store.qrVersion)} size={44} /> : undefined}
                  title={claim.store?.name ?? t("statusTitle")}
                  line={t(`reviewTitle.${claim.terms.way}`)}
                  amount={claim.amountBrlCentavos === null ? formatUsd(claim.amountUsdMicros, locale) : formatBrl(claim.amountBrlCentavos, locale)}
                />
              ))}
            </RowList>
          </section>
        ) : null}
        <AreaMessages areas={["bonus"]}>
          {bonus.loans.map((open) => (open.headroom ? <HeadroomCard key={open.loan.id} loanId={open.loan.id} store={open.store.name} amount={formatBrl(inReais(open.headroom.netUsdMicros), locale)} /> : null))}
          {choices.length > 0 ? <BonusForm choices={choices} brlPerUsdMicros={rate.brlPerUsdMicros} /> : null}
        </AreaMessages>
        {bonus.loans.length > 0 ? (
          <section aria-labelledby="advances" className="mt-2">
            <h2 id="advances" className="mb-2 text-label">
              {t("advancesTitle")}
            </h2>
            <RowList label={t("advancesTitle")}>
              {bonus.loans.map(({ loan, store, owed, startedAt, feeFreeUntil, hasEnded, place }) => (
                <Row
                  key={loan.id}
                  href={paths.advance(loan.id)}
                  leading={<Tile seed={tileSeed(store.id, store.qrVersion)} size={44} />}
                  title={store.name}
                  line={hasEnded ? t("ended") : feeFreeUntil.getTime() / 1000 < place.now ? t("lateNow") : t("feeFreeShort", { date: formatDate(feeFreeUntil, locale) })}
                  amount={owed ? formatBrl(inReais(owed.totalUsdMicros), locale) : undefined}
                  state={t("startedOn", { date: formatDate(startedAt, locale) })}
                />
              ))}
            </RowList>
          </section>
        ) : null}
      </div>
    </WalletShell>
  );
}
