import { ArrowDownLeft, Plus, Send, Store } from "lucide-react";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { WaitingCharges } from "@/app/(pay)/c/waiting-charges";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { AccountNotices } from "@/app/account/account-notices";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { Logo } from "@/components/logo";
import { MoneyDisplay } from "@/components/money";
import { RateLine } from "@/components/rate-line";
import { BrandPattern } from "@/components/tile";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { RowList } from "@/components/ui/row";
import { Spinner } from "@/components/ui/spinner";
import type { Actor } from "@/lib/auth/actor";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatDateTime, formatTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getHome } from "@/lib/payments/queries";
import { listMyStores } from "@/lib/stores/queries";
import { sendsToAnswer } from "@/lib/transfers/queries";
import { SendsToAnswer } from "@/app/(send)/sends-to-answer";
import { ActivityRow } from "./activity-row";
import { OfflineNote } from "./offline-note";
import { BonusEntry } from "./bonus/bonus-entry";
import { Rewards } from "./rewards";
import { BalanceNotes } from "./together/balance-notes";
import { WalletShell } from "./wallet-shell";

/** A person's money: one number, the rewards by store, the last payments. */
export async function Home({ actor }: { actor: Actor }) {
  const now = new Date();
  const [t, locale, home, stores, toAnswer] = await Promise.all([getTranslations("wallet"), getLocale(), getHome(actor, now), listMyStores(actor), sendsToAnswer(actor)]);
  const { balance, rate } = home;
  const reais = brlCentavosFromUsd(balance.totalUsdMicros, rate.brlPerUsdMicros);
  return (
    <WalletShell current="home" isWide>
      <LiveRefresh url={paths.liveMe()} />
      <div className="px-3 py-3 empty:hidden lg:mt-6 lg:-mb-3 lg:px-0 lg:py-0">
        <AccountNotices actor={actor} shown={1} />
      </div>
      <div className="lg:mt-9 lg:grid lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)] lg:items-start lg:gap-9">
        <div className="lg:overflow-hidden lg:rounded-card lg:bg-card lg:shadow-1">
          <section aria-labelledby="balance" className="relative overflow-hidden bg-deep px-5 pt-3 pb-12 text-on-deep lg:px-7 lg:pt-7">
            <BrandPattern />
            <div className="relative">
              <div className="mb-2 flex min-h-11 items-center justify-between lg:absolute lg:top-0 lg:right-0">
                <span className="lg:hidden">
                  <Logo isOnDeep />
                </span>
                {stores.length > 0 ? (
                  <Link href={paths.stores()} className="flex min-h-11 items-center gap-2 rounded-control px-1 text-label text-on-deep no-underline">
                    <Icon of={Store} />
                    {t("myStores")}
                  </Link>
                ) : null}
              </div>
              <h1 id="balance" className="font-sans text-body font-[550] tracking-normal text-on-deep-muted">
                {t("balance")}
              </h1>
              <p className="mt-1.5">
                <MoneyDisplay amount={reais} currency="BRL" />
              </p>
              <p className="mt-1.5 text-small text-on-deep-muted">
                <span data-testid="balance-usd" className="tabular-nums">
                  {formatUsd(balance.totalUsdMicros, locale)}
                </span>
                {" · "}
                <RateLine brlPerUsdMicros={rate.brlPerUsdMicros} at={rate.quotedAt} now={now} />
              </p>
              <div className="mt-5 grid grid-cols-3 gap-2 [&>a]:px-2 max-lg:[&>a]:grid-flow-row max-lg:[&>a]:justify-items-center max-lg:[&>a]:gap-1 max-lg:[&>a]:py-2">
                <LinkButton href={paths.receive()} kind="deep" size="medium" isWide icon={<Icon of={ArrowDownLeft} />}>
                  {t("receive")}
                </LinkButton>
                <LinkButton href={paths.send()} kind="deep" size="medium" isWide icon={<Icon of={Send} />}>
                  {t("send")}
                </LinkButton>
                <LinkButton href={paths.addMoney()} kind="deep" size="medium" isWide icon={<Icon of={Plus} />}>
                  {t("add")}
                </LinkButton>
              </div>
            </div>
          </section>
          <div className="relative -mt-6.5 grid gap-4 rounded-t-[28px] bg-surface pt-5.5 lg:bg-card lg:pb-6">
            <div className="grid gap-3 px-5 empty:hidden lg:px-7">
              <AreaMessages areas={["wallet"]}>
                <OfflineNote time={formatTime(now, locale)} />
              </AreaMessages>
              {home.isAccountReady ? null : (
                <Note tone="info" icon={<Spinner />} isLive>
                  <b className="block">{t("preparingTitle")}</b>
                  {t("preparingText")}
                  <RefreshUntilReady />
                </Note>
              )}
              <WaitingCharges actor={actor} />
              <BalanceNotes actor={actor} brlPerUsdMicros={rate.brlPerUsdMicros} />
              <SendsToAnswer sends={toAnswer} />
              {rate.isStale ? <Note tone="caution">{t("staleRate", { time: formatDateTime(rate.quotedAt, locale) })}</Note> : null}
            </div>
            <Rewards balance={balance} brlPerUsdMicros={rate.brlPerUsdMicros} />
            <BonusEntry actor={actor} brlPerUsdMicros={rate.brlPerUsdMicros} />
          </div>
        </div>
        <section aria-labelledby="recent" className="mt-4 lg:mt-0">
          <div className="flex items-center justify-between px-5 lg:px-0">
            <h2 id="recent">{t("recent")}</h2>
            {home.recent.length > 0 ? (
              <Link href={paths.activity()} className="grid min-h-11 place-items-center px-1 text-small font-semibold text-brand-ink underline underline-offset-3">
                {t("seeAll")}
              </Link>
            ) : null}
          </div>
          {home.recent.length > 0 ? (
            <div className="mt-1 px-3 lg:px-0">
              <RowList label={t("recent")}>
                {home.recent.map((payment) => (
                  <ActivityRow key={payment.id} payment={payment} />
                ))}
              </RowList>
            </div>
          ) : (
            <div className="px-5 lg:px-0">
              <p className="mt-1 text-muted">{t("recentEmpty")}</p>
              <p className="mt-3 text-small text-muted">{t("movement")}</p>
            </div>
          )}
        </section>
      </div>
    </WalletShell>
  );
}
