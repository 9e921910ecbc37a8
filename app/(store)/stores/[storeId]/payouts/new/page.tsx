import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { getNewPayout } from "@/lib/payouts/queries";
import { getStoreFrame } from "@/lib/stores/queries";
import { orNotFound } from "../../../../or-not-found";
import { StorePage } from "../../store-page";
import { NewPayoutForm } from "./new-payout-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("payouts.form"))("title") };
}

/** Where to and how much; the price comes on the next page. */
export default async function NewPayout({ params, searchParams }: PageProps<"/stores/[storeId]/payouts/new">) {
  const [{ storeId }, { again, destination }] = await Promise.all([params, searchParams]);
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const offer = await orNotFound(getNewPayout(actor, storeId));
  const [t, all] = await Promise.all([getTranslations("payouts.form"), getTranslations("payouts.detail")]);
  return (
    <StorePage actor={actor} store={store} role={role} current="payouts">
      <AreaMessages areas={["payouts"]}>
        <Link href={paths.storePayouts(store.id)} className="inline-flex min-h-11 items-center font-semibold text-brand-ink underline underline-offset-3">
          {all("back")}
        </Link>
        <h1>{t("title")}</h1>
        <div className="mt-6 max-w-[760px]">
          {offer.offered.length === 0 ? (
            <Note tone="info">{t("off")}</Note>
          ) : (
            <NewPayoutForm storeId={store.id} ownId={actor.userId} offer={offer} againId={typeof again === "string" ? again : null} destinationId={typeof destination === "string" ? destination : null} />
          )}
        </div>
      </AreaMessages>
    </StorePage>
  );
}
