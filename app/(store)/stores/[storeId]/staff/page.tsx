import { Calculator, UserRound } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { MoneyDisplay } from "@/components/money";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { IconLink } from "@/components/ui/icon-button";
import { LinkButton } from "@/components/ui/link-button";
import { RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { getStaffToday } from "@/lib/team/staff-today";
import { orNotFound } from "../../../or-not-found";
import { PaymentRow } from "../../../payment-row";
import { CheckCode } from "./check-code";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("seats"))("today.title") };
}

/** Today on one screen for whoever sells: what the own sales brought, all of today's sales, charging and checking. Nothing of other days or of the balance. */
export default async function StaffTodayPage({ params }: PageProps<"/stores/[storeId]/staff">) {
  const { storeId } = await params;
  const actor = await requireActor();
  const found = await orNotFound(getStaffToday(actor, storeId));
  if (!found) redirect(paths.till(storeId));
  const { store, role, today, payments, own, sellerName } = found;
  const [t, names, shared, locale] = await Promise.all([getTranslations("seats.today"), getTranslations("store.roles"), getTranslations("sharedtill"), getLocale()]);
  const isShared = Boolean(actor.sharedStoreId);
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-[560px] flex-col px-5 pb-[max(1.5rem,env(safe-area-inset-bottom))]">
      <header className="flex min-h-18 items-center gap-3 py-3">
        <Tile seed={tileSeed(store.id, store.qrVersion)} size={44} />
        <span className="min-w-0 flex-1">
          <h1 className="truncate font-sans text-body font-semibold tracking-normal">{store.name}</h1>
          <span className="block truncate text-small text-muted">{t("line", { name: sellerName?.split(" ")[0] ?? shared("somebody"), role: names(role).toLocaleLowerCase(locale) })}</span>
        </span>
        <LiveRefresh url={paths.liveStore(store.id)} />
        {isShared ? null : (
          <IconLink href={paths.storePin(store.id)} aria-label={t("seat")}>
            <Icon of={UserRound} size="nav" />
          </IconLink>
        )}
      </header>
      <main id="content" className="grid gap-3">
        <Card aria-labelledby="own">
          <h2 id="own" className="font-sans text-label tracking-normal text-muted">
            {t("yours")}
          </h2>
          <div className="mt-1 flex flex-wrap items-end justify-between gap-3">
            <MoneyDisplay currency="BRL" amount={own.sumBrlCentavos} size="l" />
            <span className="text-muted">{t("sales", { count: own.count })}</span>
          </div>
        </Card>
        <div className="grid grid-cols-2 gap-3">
          <LinkButton href={paths.till(store.id)} icon={<Icon of={Calculator} />} isWide>
            {t("charge")}
          </LinkButton>
          <CheckCode storeId={store.id} timeZone={store.timeZone} />
        </div>
        <Card isFlush aria-labelledby="sales" className="pt-5 pb-3">
          <div className="flex items-baseline justify-between gap-3 px-4">
            <h2 id="sales">{t("listTitle")}</h2>
            <span className="text-muted">{t("sales", { count: today.count })}</span>
          </div>
          {payments.length === 0 ? (
            <EmptyState title={t("empty")} text={t("emptyText")} />
          ) : (
            <div className="mt-2">
              <RowList isFlat>
                {payments.map((payment) => (
                  <PaymentRow key={payment.id} payment={payment} timeZone={store.timeZone} storeId={store.id} />
                ))}
              </RowList>
            </div>
          )}
        </Card>
        <p className="mt-2 text-center text-small text-muted">{t("onlyToday")}</p>
        <p className="text-center">
          <Link href={isShared ? paths.leaveSharedTill(store.id, paths.home()) : paths.home()} className="inline-flex min-h-11 items-center font-semibold text-brand-ink underline underline-offset-3">
            {t("account")}
          </Link>
        </p>
      </main>
    </div>
  );
}
