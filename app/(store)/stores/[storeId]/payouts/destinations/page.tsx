import { Landmark, Wallet, Zap } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { EmptyState } from "@/components/empty-state";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { RowIcon } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { formatWait } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getNewPayout } from "@/lib/payouts/queries";
import { getStoreFrame } from "@/lib/stores/queries";
import { orNotFound } from "../../../../or-not-found";
import { StorePage } from "../../store-page";
import { RemoveDestination } from "./remove-destination";

const ICONS = { pix: Zap, bank: Landmark, wallet: Wallet } as const;
const ADD = { pix: "addPix", bank: "addBank", wallet: "addWallet" } as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("payouts.destinationList"))("title") };
}

/** Where the store's money may go, and since when. */
export default async function DestinationsPage({ params }: PageProps<"/stores/[storeId]/payouts/destinations">) {
  const { storeId } = await params;
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const { destinations, offered } = await orNotFound(getNewPayout(actor, storeId));
  const [t, form, detail, locale] = await Promise.all([getTranslations("payouts.destinationList"), getTranslations("payouts.form"), getTranslations("payouts.detail"), getLocale()]);
  return (
    <StorePage actor={actor} store={store} role={role} current="payouts">
      <AreaMessages areas={["payouts"]}>
        <Link href={paths.storePayouts(store.id)} className="inline-flex min-h-11 items-center font-semibold text-brand-ink underline underline-offset-3">
          {detail("back")}
        </Link>
        <h1>{t("title")}</h1>
        <p className="mt-1 max-w-[60ch] text-muted">{t("lead")}</p>
        <div className="mt-5 flex flex-wrap gap-2">
          {offered.map((type) => (
            <LinkButton key={type} kind="soft" size="medium" href={paths.newPayoutDestination(store.id, type)} icon={<Icon of={ICONS[type]} />}>
              {form(ADD[type])}
            </LinkButton>
          ))}
        </div>
        <Card isFlush className="mt-5 overflow-hidden py-1">
          {destinations.length === 0 ? (
            <EmptyState title={t("empty")} text={t("emptyText")} />
          ) : (
            <ul className="divide-y divide-line">
              {destinations.map(({ id, type, label, name, shown, waitSeconds }) => (
                <li key={id} className="flex flex-wrap items-center gap-x-3.5 gap-y-2 px-4 py-3">
                  <RowIcon ground="brand">
                    <Icon of={ICONS[type]} />
                  </RowIcon>
                  <span className="min-w-0 flex-1 basis-48">
                    <span className="block font-semibold break-words">{label ?? name ?? shown}</span>
                    <span className="block text-small break-words text-muted">{shown}</span>
                    <span className="block text-small text-muted">{waitSeconds > 0 ? t("waits", { wait: formatWait(waitSeconds, locale) }) : t("usable")}</span>
                  </span>
                  <RemoveDestination storeId={store.id} destinationId={id} name={label ?? name ?? shown} />
                </li>
              ))}
            </ul>
          )}
        </Card>
      </AreaMessages>
    </StorePage>
  );
}
