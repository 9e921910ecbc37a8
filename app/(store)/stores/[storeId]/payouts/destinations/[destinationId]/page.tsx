import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import { requireActor } from "@/lib/auth/session";
import { formatWait } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getPayoutIdentity } from "@/lib/payouts/identity";
import { getDestination, type SavedDestination } from "@/lib/payouts/queries";
import type { StoreIdentityView } from "@/lib/store-identity/rules";
import { getStoreFrame } from "@/lib/stores/queries";
import { orNotFound } from "../../../../../or-not-found";
import { StoreIdentity } from "../../../identity/identity-card";
import { StorePage } from "../../../store-page";
import { ConfirmDestination } from "./confirm-destination";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("payouts.destination"))("confirmTitle") };
}

const LOOK_EVERY_MS = 1_000;

/** Whose it is, for the owner to say yes to; afterwards, since when it can be used. */
export default async function DestinationPage({ params }: PageProps<"/stores/[storeId]/payouts/destinations/[destinationId]">) {
  const { storeId, destinationId } = await params;
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const destination = await orNotFound(getDestination(actor, storeId, destinationId));
  const [t, list, locale, identity] = await Promise.all([getTranslations("payouts.destination"), getTranslations("payouts.destinationList"), getLocale(), getPayoutIdentity(actor, storeId)]);
  return (
    <StorePage actor={actor} store={store} role={role} current="payouts">
      <AreaMessages areas={["payouts"]}>
        <Link href={paths.payoutDestinations(store.id)} className="inline-flex min-h-11 items-center font-semibold text-brand-ink underline underline-offset-3">
          {list("title")}
        </Link>
        <h1>{t(destination.isConfirmed ? "saved" : "confirmTitle")}</h1>
        <Card as="div" className="mt-6 max-w-[640px]">
          {destination.lookup === "asking" ? (
            <div role="status" className="grid justify-items-center gap-3 py-8 text-center text-muted">
              <Spinner className="size-8 text-brand-ink" />
              {t("looking")}
              <RefreshUntilReady everyMs={LOOK_EVERY_MS} />
            </div>
          ) : destination.lookup === "unknown" || destination.lookup === "away" || destination.lookup === "identity" ? (
            <NotFound storeId={store.id} destination={destination} lookup={destination.lookup} identity={identity} />
          ) : (
            <>
              <Facts destination={destination} />
              {destination.isConfirmed ? (
                <div className="mt-4 grid gap-3">
                  <Note tone="positive">{destination.waitSeconds > 0 ? t("savedWaits", { wait: formatWait(destination.waitSeconds, locale) }) : t("savedUsable")}</Note>
                  <LinkButton isWide href={paths.newPayout(store.id, { destination: destination.id })}>
                    {t("use")}
                  </LinkButton>
                </div>
              ) : (
                <ConfirmDestination storeId={store.id} destinationId={destination.id} />
              )}
            </>
          )}
        </Card>
      </AreaMessages>
    </StorePage>
  );
}

async function Facts({ destination: { type, holder, name, shown } }: { destination: SavedDestination }) {
  const t = await getTranslations("payouts.destination");
  const facts: [string, string | null][] = [
    [t("holder"), type === "wallet" ? null : name],
    [t("document"), holder?.maskedDocument ?? null],
    [t("bank"), holder?.bankName ?? null],
    [t("shown"), shown],
  ];
  return (
    <dl className="divide-y divide-line">
      {facts.map(([term, value]) =>
        value ? (
          <div key={term} className="flex flex-wrap justify-between gap-x-4 gap-y-0.5 py-2.5">
            <dt className="text-muted">{term}</dt>
            <dd className="min-w-0 font-semibold break-words tabular-nums">{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

async function NotFound({ storeId, destination, lookup, identity }: { storeId: string; destination: SavedDestination; lookup: "unknown" | "away" | "identity"; identity: StoreIdentityView | null }) {
  const t = await getTranslations("payouts.destination");
  return (
    <div className="grid gap-3">
      <Note tone={lookup === "unknown" ? "danger" : "caution"}>{t(lookup)}</Note>
      <p className="font-semibold break-words tabular-nums">{destination.shown}</p>
      {lookup === "identity" && identity ? <StoreIdentity storeId={storeId} identity={identity} isOwner returnTo="payouts" /> : null}
      <LinkButton kind="soft" isWide href={paths.newPayoutDestination(storeId, destination.type)}>
        {t("again")}
      </LinkButton>
    </div>
  );
}
