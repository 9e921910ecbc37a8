import { Banknote, Calculator, Check, Printer, QrCode as QrIcon } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { LiveRefresh } from "@/components/live-refresh";
import { MoneyDisplay } from "@/components/money";
import { BrandPattern } from "@/components/tile";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { RowList } from "@/components/ui/row";
import { getTodayFigures, type TodayFigures } from "@/lib/analytics/queries";
import { requireActor } from "@/lib/auth/session";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { getStoreFrame, getStoreOverview, type StoreOverview } from "@/lib/stores/queries";
import { splitByRewardRate } from "@/lib/stores/rules";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../or-not-found";
import { PaymentRow } from "../../payment-row";
import { CopyLink } from "./copy-link";
import { PosterCard } from "./poster";
import { ReadinessCard } from "./readiness-card";
import { StorePage } from "./store-page";
import { TodayCard } from "./today-card";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("store"))("today") };
}

const HUNDRED_REAIS = 10_000n;

/** The store's first page: today, the last payments, the balance, how far the opening is. Staff have a page of their own. */
export default async function OverviewPage({ params }: PageProps<"/stores/[storeId]">) {
  const { storeId } = await params;
  const actor = await requireActor();
  const { role } = await orNotFound(getStoreFrame(actor, storeId));
  if (!can(role, "payments.view_all")) redirect(paths.staffToday(storeId));
  const overview = await orNotFound(getStoreOverview(actor, storeId));
  const today = overview.hasEverSold ? await orNotFound(getTodayFigures(actor, storeId, overview.store)) : null;
  return (
    <StorePage actor={actor} store={overview.store} role={role} current="today">
      {today ? <Running overview={overview} today={today} firstName={firstNameOf(actor.name)} /> : <FirstDay overview={overview} firstName={firstNameOf(actor.name)} />}
    </StorePage>
  );
}

const firstNameOf = (name: string | null): string | null => name?.trim().split(" ")[0] || null;

/** A working store. */
async function Running({ overview, today, firstName }: { overview: StoreOverview; today: TodayFigures; firstName: string | null }) {
  const { store, recent, readiness, deployments } = overview;
  const t = await getTranslations("store");
  const locale = await getLocale();
  const now = new Date();
  return (
    <>
      <header className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1>{t(greetingAt(now, store.timeZone), { name: firstName ?? t("someone") })}</h1>
          <p className="mt-1 text-muted first-letter:uppercase">{new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: store.timeZone }).format(now)}</p>
        </div>
        <LiveRefresh url={paths.liveStore(store.id)} hasDot />
      </header>
      <div className="mt-6 grid gap-5 xl:grid-cols-[minmax(0,1fr)_372px]">
        <div className="grid content-start gap-5">
          <TodayCard storeId={store.id} today={today} />
          <div className="grid gap-5 md:grid-cols-2">
            {overview.balanceUsdMicros === null ? null : <BalanceCard storeId={store.id} balanceUsdMicros={overview.balanceUsdMicros} />}
            <KeepsCard rewardRateBps={store.rewardRateBps} />
            <ReturningCard today={today} />
            <LinkCard store={store} />
            {deployments ? <ReadinessCard storeId={store.id} readiness={readiness} deployments={deployments} /> : null}
          </div>
        </div>
        <Card isFlush aria-labelledby="recent" className="self-start pt-5 pb-3">
          <h2 id="recent" className="px-4">
            {t("recent")}
          </h2>
          <div className="mt-2">
            <RowList isFlat>
              {recent.map((payment) => (
                <PaymentRow key={payment.id} payment={payment} timeZone={store.timeZone} storeId={store.id} />
              ))}
            </RowList>
          </div>
          <Link href={paths.storePayments(store.id)} className="mx-4 mt-2 inline-flex min-h-11 items-center font-semibold text-brand-ink underline">
            {t("allPayments")}
          </Link>
        </Card>
      </div>
    </>
  );
}

async function BalanceCard({ storeId, balanceUsdMicros }: { storeId: string; balanceUsdMicros: bigint }) {
  const [t, payouts] = [await getTranslations("store"), await getTranslations("payouts")];
  const locale = await getLocale();
  const { brlPerUsdMicros } = await currentRate();
  return (
    <section aria-labelledby="balance" className="relative overflow-hidden rounded-card bg-deep p-5 text-on-deep md:p-6">
      <BrandPattern />
      <div className="relative">
        <h2 id="balance" className="font-sans text-label tracking-normal text-on-deep-muted">
          {t("balance")}
        </h2>
        <MoneyDisplay currency="BRL" amount={brlCentavosFromUsd(balanceUsdMicros, brlPerUsdMicros)} size="l" className="mt-1" />
        <p className="mt-1 text-small text-on-deep-muted">{t("balanceNote", { usd: formatUsd(balanceUsdMicros, locale) })}</p>
        <div className="mt-4">
          <LinkButton kind="deep" size="medium" href={paths.storePayouts(storeId)} icon={<Icon of={Banknote} size="chip" />}>
            {payouts("title")}
          </LinkButton>
        </div>
      </div>
    </section>
  );
}

async function KeepsCard({ rewardRateBps }: { rewardRateBps: number }) {
  const t = await getTranslations("store");
  const locale = await getLocale();
  const { reward, kept } = splitByRewardRate(HUNDRED_REAIS, rewardRateBps);
  return (
    <Card aria-labelledby="keeps">
      <h2 id="keeps" className="font-sans text-label tracking-normal text-muted">
        {t("keepsTitle")}
      </h2>
      <p className="money mt-1 text-money-m">{new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format((10_000 - rewardRateBps) / 10_000)}</p>
      <div aria-hidden="true" className="mt-3 flex h-2 gap-[3px]">
        <i className="block rounded-full bg-brand" style={{ flexGrow: 10_000 - rewardRateBps }} />
        <i className="block min-w-2 rounded-full bg-reward" style={{ flexGrow: rewardRateBps }} />
      </div>
      <p className="mt-3 text-small text-muted">{t("keepsText", { amount: formatBrl(HUNDRED_REAIS, locale), kept: formatBrl(kept, locale), reward: formatBrl(reward, locale) })}</p>
    </Card>
  );
}

async function ReturningCard({ today: { customers } }: { today: TodayFigures }) {
  const t = await getTranslations("analytics");
  return (
    <Card aria-labelledby="returning">
      <h2 id="returning" className="font-sans text-label tracking-normal text-muted">
        {t("returning")}
      </h2>
      <p className="money mt-1 text-money-m">
        {customers.returning} <span className="text-heading text-muted">{t("returningOf", { unique: String(customers.unique) })}</span>
      </p>
      <p className="mt-3 text-small text-muted">{t("returnedToday", { count: customers.unique })}</p>
    </Card>
  );
}

async function LinkCard({ store }: { store: StoreOverview["store"] }) {
  const t = await getTranslations("store");
  return (
    <Card aria-labelledby="link">
      <h2 id="link">{t("linkTitle")}</h2>
      <p className="mt-1 text-small text-muted">{t("linkText")}</p>
      <p className="mt-3 font-semibold break-all select-all">{store.payUrl.replace(/^https?:\/\//, "")}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        <CopyLink link={store.payUrl} />
        <LinkButton kind="quiet" size="medium" href={paths.storeQr(store.id)} icon={<Icon of={QrIcon} />}>
          {t("openQr")}
        </LinkButton>
      </div>
    </Card>
  );
}

/** A store that has not sold yet: the QR at once, and what is left to do. */
async function FirstDay({ overview, firstName }: { overview: StoreOverview; firstName: string | null }) {
  const { store, readiness, deployments } = overview;
  const t = await getTranslations("store");
  const isReady = readiness === "ready" || readiness === "partly_ready";
  const steps = [
    { key: "stepOpened", isDone: true },
    { key: "stepReady", isDone: isReady },
    { key: "stepPrint", isDone: false },
    { key: "stepSale", isDone: false },
  ] as const;
  return (
    <>
      <header className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1>{t("firstTitle", { name: firstName ?? t("someone") })}</h1>
          <p className="mt-1 text-muted">{t("firstLead")}</p>
        </div>
        <LiveRefresh url={paths.liveStore(store.id)} hasDot />
      </header>
      <div className="mt-6 grid gap-5 xl:grid-cols-[minmax(0,1fr)_380px]">
        <Card className="self-start md:px-11! md:py-14!">
          <h2 className="max-w-[20ch] text-title md:text-[2.5rem]/[2.875rem]">{t("firstHero")}</h2>
          <p className="mt-3 max-w-[46ch] text-[1.0625rem]/[1.6875rem] text-muted">{t("firstText")}</p>
          <div className="mt-6 flex flex-wrap gap-2">
            <LinkButton href={paths.storeQr(store.id)} icon={<Icon of={Printer} />}>
              {t("firstPrint")}
            </LinkButton>
            <LinkButton kind="soft" href={paths.till(store.id)} icon={<Icon of={Calculator} />}>
              {t("openTill")}
            </LinkButton>
          </div>
          <ul className="mt-8 max-w-[500px] divide-y divide-line">
            {steps.map(({ key, isDone }) => (
              <li key={key} className="flex min-h-[52px] items-center gap-3">
                {isDone ? (
                  <span className="grid size-7 place-items-center rounded-full bg-positive-soft text-positive">
                    <Icon of={Check} size="chip" />
                  </span>
                ) : (
                  <span aria-hidden="true" className="size-7 rounded-full border-2 border-field" />
                )}
                <span className={isDone ? "text-muted line-through" : "font-[550]"}>{t(key)}</span>
                <span className="sr-only">{t(isDone ? "stepDone" : "stepOpen")}</span>
              </li>
            ))}
          </ul>
        </Card>
        {/* On a phone the QR comes first: it works at once. */}
        <div className="grid content-start gap-5 max-xl:order-first">
          <div className="rounded-card bg-sunk px-5 py-8">
            <PosterCard store={store} />
            <div className="mt-5 flex justify-center">
              <CopyLink link={store.payUrl} kind="quiet" />
            </div>
          </div>
          {deployments ? <ReadinessCard storeId={store.id} readiness={readiness} deployments={deployments} /> : null}
        </div>
      </div>
    </>
  );
}

/** The greeting of the hour in the store's zone. */
function greetingAt(now: Date, timeZone: string): "morning" | "afternoon" | "evening" {
  const hour = Number(new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone }).format(now));
  if (hour >= 5 && hour < 12) return "morning";
  return hour >= 12 && hour < 18 ? "afternoon" : "evening";
}
