import { BanknoteArrowUp, FileDown } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { EmptyState } from "@/components/empty-state";
import { MoneyDisplay } from "@/components/money";
import { BrandPattern } from "@/components/tile";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import { Table, type Column } from "@/components/ui/table";
import { requireActor } from "@/lib/auth/session";
import { chainName } from "@/lib/chain/chains";
import type { Locale } from "@/lib/i18n/locale";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatDateTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getPayoutIdentity } from "@/lib/payouts/identity";
import { getPayouts, type ListedPayout, type PayoutsPage } from "@/lib/payouts/queries";
import { isOpen } from "@/lib/payouts/rules";
import { getStoreFrame } from "@/lib/stores/queries";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../../or-not-found";
import { StoreIdentityCard } from "../identity/identity-card";
import { StorePage } from "../store-page";
import { DestinationText, PayoutAmount, PayoutChip } from "./payout-words";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("payouts"))("title") };
}

/** What the store can pay out now and everything that it paid out, newest first. For owners. */
export default async function PayoutsList({ params, searchParams }: PageProps<"/stores/[storeId]/payouts">) {
  const [{ storeId }, { before, month }] = await Promise.all([params, searchParams]);
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const wanted = typeof month === "string" && month !== "" ? month : undefined;
  const page = await orNotFound(getPayouts(actor, storeId, { before: typeof before === "string" ? before : undefined, month: wanted, timeZone: store.timeZone }));
  const [t, locale, identity] = await Promise.all([getTranslations("payouts"), getLocale(), getPayoutIdentity(actor, storeId)]);
  const columns: Column<ListedPayout>[] = [
    { key: "to", head: t("columnTo"), cell: ({ to }) => <DestinationText to={to} />, phone: "title" },
    { key: "when", head: t("columnWhen"), cell: ({ at }) => formatDateTime(at, locale, store.timeZone), phone: "line" },
    { key: "state", head: t("columnState"), cell: ({ state }) => <PayoutChip state={state} />, phone: "state" },
    {
      key: "amount",
      head: t("columnAmount"),
      cell: (payout) => (
        <Link href={paths.payout(store.id, payout.id)} aria-label={t("openOf", { when: formatDateTime(payout.at, locale, store.timeZone) })} className="inline-flex min-h-11 items-center font-semibold text-brand-ink underline underline-offset-3">
          <PayoutAmount payout={payout} />
        </Link>
      ),
      align: "right",
      phone: "amount",
    },
  ];
  return (
    <StorePage actor={actor} store={store} role={role} current="payouts">
      {page.items.some(({ state }) => isOpen(state)) ? <RefreshUntilReady /> : null}
      <header className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1>{t("title")}</h1>
          <p className="mt-1 text-muted">{t("lead")}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <LinkButton kind="soft" size="medium" href={paths.payoutDestinations(store.id)}>
            {t("destinations")}
          </LinkButton>
          <LinkButton size="medium" href={paths.newPayout(store.id)} icon={<Icon of={BanknoteArrowUp} />}>
            {t("newPayout")}
          </LinkButton>
        </div>
      </header>
      <div className="mt-6 grid gap-5">
        <BalanceCard page={page} locale={locale} />
        {identity ? <StoreIdentityCard storeId={store.id} identity={identity} isOwner={can(role, "settings.manage")} returnTo="payouts" approved={t("partnerKnows")} /> : null}
        {page.unmatchedUsdMicros > 0n ? <Note tone="caution">{t("unmatched", { usd: formatUsd(page.unmatchedUsdMicros, locale) })}</Note> : null}
        {page.months.length > 0 ? (
          <form className="flex flex-wrap items-end gap-2" action={paths.storePayouts(store.id)}>
            <div className="w-56">
              <Select
                name="month"
                label={t("month")}
                size="medium"
                defaultValue={wanted ?? ""}
                options={[{ value: "", label: t("allMonths") }, ...page.months.map((value) => ({ value, label: monthName(value, locale) }))]}
              />
            </div>
            <button type="submit" className={buttonStyle({ kind: "soft", size: "medium" })}>
              {t("show")}
            </button>
            {wanted && page.months.includes(wanted) ? (
              <a href={paths.payoutStatement(store.id, wanted)} download className={buttonStyle({ kind: "quiet", size: "medium" })}>
                <Icon of={FileDown} />
                {t("statement")}
              </a>
            ) : null}
          </form>
        ) : null}
        <Card isFlush className="overflow-hidden">
          {page.items.length === 0 ? (
            <EmptyState title={t(wanted ? "emptyMonth" : "empty")} text={wanted ? undefined : t("emptyText")} icon={<Icon of={BanknoteArrowUp} size="large" />} />
          ) : (
            <Table caption={t("list")} columns={columns} rows={page.items} rowKey={({ id }) => id} />
          )}
        </Card>
        {page.next || before ? (
          <nav aria-label={t("list")} className="flex flex-wrap gap-2">
            {before ? (
              <LinkButton kind="quiet" size="medium" href={paths.storePayouts(store.id, wanted ? { month: wanted } : {})}>
                {t("newest")}
              </LinkButton>
            ) : null}
            {page.next ? (
              <LinkButton kind="soft" size="medium" href={paths.storePayouts(store.id, { before: page.next, ...(wanted && { month: wanted }) })}>
                {t("older")}
              </LinkButton>
            ) : null}
          </nav>
        ) : null}
      </div>
    </StorePage>
  );
}

async function BalanceCard({ page, locale }: { page: PayoutsPage; locale: Locale }) {
  const t = await getTranslations("payouts");
  return (
    <section aria-labelledby="balance" className="relative overflow-hidden rounded-card bg-deep p-5 text-on-deep md:p-6">
      <BrandPattern />
      <div className="relative">
        <h2 id="balance" className="font-sans text-label tracking-normal text-on-deep-muted">
          {t("balance")}
        </h2>
        <MoneyDisplay currency="BRL" amount={brlCentavosFromUsd(page.balanceUsdMicros, page.brlPerUsdMicros)} size="l" className="mt-1" />
        <p className="mt-1 text-small text-on-deep-muted">{t("balanceNote", { usd: formatUsd(page.balanceUsdMicros, locale) })}</p>
        {page.pots.length > 1 ? <p className="mt-1 text-small text-on-deep-muted">{page.pots.map(({ chainId, valueUsdMicros }) => t("balanceParts", { usd: formatUsd(valueUsdMicros, locale), chain: chainName(chainId) })).join(" · ")}</p> : null}
      </div>
    </section>
  );
}

const monthName = (month: string, locale: Locale): string => new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-15T12:00:00Z`));
