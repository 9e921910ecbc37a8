import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { chainName } from "@/lib/chain/chains";
import { paths } from "@/lib/paths";
import { getNewPayout } from "@/lib/payouts/queries";
import { getStoreFrame } from "@/lib/stores/queries";
import { orNotFound } from "../../../../../or-not-found";
import { StorePage } from "../../../store-page";
import { NewDestinationForm } from "./new-destination-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("payouts.destination"))("newTitle") };
}

/** A wallet, a Pix key or a bank account, as it is typed. */
export default async function NewDestinationPage({ params, searchParams }: PageProps<"/stores/[storeId]/payouts/destinations/new">) {
  const [{ storeId }, { type }] = await Promise.all([params, searchParams]);
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const { offered, pots } = await orNotFound(getNewPayout(actor, storeId));
  const [t, list, form] = await Promise.all([getTranslations("payouts.destination"), getTranslations("payouts.destinationList"), getTranslations("payouts.form")]);
  const chosen = offered.find((one) => one === type);
  return (
    <StorePage actor={actor} store={store} role={role} current="payouts">
      <AreaMessages areas={["payouts"]}>
        <Link href={paths.payoutDestinations(store.id)} className="inline-flex min-h-11 items-center font-semibold text-brand-ink underline underline-offset-3">
          {list("title")}
        </Link>
        <h1>{t("newTitle")}</h1>
        <div className="mt-6 max-w-[640px]">
          {chosen ? (
            <Card as="div">
              <NewDestinationForm storeId={store.id} type={chosen} chains={pots.map(({ chainId }) => chainName(chainId)).join(", ")} />
            </Card>
          ) : (
            <Note tone="info">{form("off")}</Note>
          )}
        </div>
      </AreaMessages>
    </StorePage>
  );
}
