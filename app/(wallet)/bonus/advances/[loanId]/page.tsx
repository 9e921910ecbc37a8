import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { WalletShell } from "@/app/(wallet)/wallet-shell";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { MoneyDisplay } from "@/components/money";
import { PageHeader } from "@/components/page-header";
import { RefreshEvery } from "@/components/refresh-every";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Card } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { chainName } from "@/lib/chain/chains";
import { openLoansOf } from "@/lib/loans/queries";
import { percentText } from "@/lib/loans/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatDate, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { HeadroomCard } from "../../headroom-card";
import { RepayForm } from "./repay-form";

/** Values move with every sale of the stores, which is nobody's own news. */
const VALUES_MS = 20_000;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bonus");
  return { title: t("advancesTitle"), robots: { index: false } };
}

/** One open advance: what is owed now, what more it could give, and giving it back. */
export default async function AdvancePage({ params }: PageProps<"/bonus/advances/[loanId]">) {
  const [{ loanId }, actor] = await Promise.all([params, requireActor()]);
  const [t, locale, loans, rate] = await Promise.all([getTranslations("bonus"), getLocale(), openLoansOf(actor), currentRate()]);
  const open = loans.find(({ loan }) => loan.id === loanId);
  if (!open) notFound();
  const { loan, store, owed, place } = open;
  const inReais = (usdMicros: bigint) => formatBrl(brlCentavosFromUsd(usdMicros, rate.brlPerUsdMicros), locale);
  const date = (at: Date) => formatDate(at, locale);
  const isLate = open.feeFreeUntil.getTime() / 1000 < place.now;
  const facts = [
    [t("details.borrowed"), `${inReais(loan.borrowedUsdMicros)} · ${formatUsd(loan.borrowedUsdMicros, locale)}`],
    [t("details.prepaid"), percentText(open.prepaidFeeBps, locale)],
    [t("details.started"), date(open.startedAt)],
    [t("details.feeFree"), date(open.feeFreeUntil)],
    [t("details.ends"), date(open.endsAt)],
    [t("details.collateral"), new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(Number(loan.collateralUnits / 10n ** 14n) / 10_000)],
    [t("details.number"), loan.number.toString()],
    [t("details.network"), chainName(place.chainId)],
  ] as const;
  return (
    <WalletShell current="home">
      <LiveRefresh url={paths.liveMe()} />
      <RefreshEvery ms={VALUES_MS} />
      <div className="lg:mt-6">
        <PageHeader title={t("advanceOf", { store: store.name })} backHref={paths.bonus()} />
      </div>
      <div className="mt-1 grid gap-3 px-5 pb-5">
        <Card as="section" aria-labelledby="owed">
          <div className="flex items-center gap-3.5">
            <Tile seed={tileSeed(store.id, store.qrVersion)} size={44} />
            <div>
              <h2 id="owed" className="font-sans text-body font-[650] tracking-normal">
                {t("owedNow")}
              </h2>
              <p className="text-small text-muted">{t("startedOn", { date: date(open.startedAt) })}</p>
            </div>
          </div>
          {owed ? (
            <>
              <p className="mt-3">
                <MoneyDisplay amount={brlCentavosFromUsd(owed.totalUsdMicros, rate.brlPerUsdMicros)} currency="BRL" size="l" />
              </p>
              <p className="text-small text-muted tabular-nums" data-testid="owed-usd">
                {formatUsd(owed.totalUsdMicros, locale)}
              </p>
              <p className="mt-2 text-small text-muted">
                {isLate ? `${t("lateFee")}: ${inReais(owed.feeUsdMicros)}` : t.rich("feeFreeUntil", { date: date(open.feeFreeUntil), b: (text) => <b>{text}</b> })}
              </p>
              <p className="mt-1 text-small text-caution">{t.rich("endsIn", { date: date(open.endsAt), b: (text) => <b>{text}</b> })}</p>
            </>
          ) : (
            <div className="mt-3">
              <Note tone="caution">{t("endedText")}</Note>
            </div>
          )}
        </Card>
        <AreaMessages areas={["bonus"]}>
          {open.headroom ? <HeadroomCard loanId={loan.id} store={store.name} amount={inReais(open.headroom.netUsdMicros)} /> : null}
          {owed ? <RepayForm loanId={loan.id} whole={inReais(owed.totalUsdMicros)} /> : null}
        </AreaMessages>
        <Card as="section" aria-labelledby="details">
          <h2 id="details" className="font-sans text-body font-[650] tracking-normal">
            {t("detailsTitle")}
          </h2>
          <dl className="mt-2 grid gap-2.5 text-small">
            {facts.map(([term, value]) => (
              <div key={term} className="flex justify-between gap-4">
                <dt className="text-muted">{term}</dt>
                <dd className="text-right font-semibold break-all tabular-nums">{value}</dd>
              </div>
            ))}
          </dl>
        </Card>
      </div>
    </WalletShell>
  );
}
