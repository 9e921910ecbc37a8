import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { getStoreFrame } from "@/lib/stores/queries";
import { tillsToShare } from "@/lib/team/till-queries";
import { orNotFound } from "../../../../or-not-found";
import { StorePage } from "../../store-page";
import { ShareForm } from "./share-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("sharedtill"))("title") };
}

/** Turning this device into a till that several people sell at. */
export default async function ShareTillPage({ params }: PageProps<"/stores/[storeId]/till/share">) {
  const { storeId } = await params;
  const actor = await requireActor();
  if (actor.sharedStoreId) redirect(paths.till(actor.sharedStoreId));
  const [{ store, role }, { tills, hasPin }] = await orNotFound(Promise.all([getStoreFrame(actor, storeId), tillsToShare(actor, storeId)]));
  const t = await getTranslations("sharedtill");
  return (
    <StorePage actor={actor} store={store} role={role} current="seat">
      <h1>{t("title")}</h1>
      <p className="mt-1 max-w-[60ch] text-muted">{t("share.lead")}</p>
      <Card className="mt-6 max-w-[560px]">
        <Note>{t("share.rule")}</Note>
        {hasPin ? (
          <AreaMessages areas={["sharedtill"]}>
            <ShareForm storeId={store.id} tills={tills} />
          </AreaMessages>
        ) : (
          <div className="mt-4 grid gap-4">
            <p>{t("share.needsPin")}</p>
            <LinkButton href={paths.storePin(store.id)}>{t("share.makePin")}</LinkButton>
          </div>
        )}
      </Card>
    </StorePage>
  );
}
