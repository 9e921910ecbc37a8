import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { QrCode } from "@/components/qr-code";
import { tileSeed } from "@/components/tile-art";
import { requireActor } from "@/lib/auth/session";
import { getTill } from "@/lib/stores/queries";
import { getSharedTill } from "@/lib/team/till-queries";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../../or-not-found";
import { Till } from "./till";
import { SharedTillFrame } from "./share/shared-till-frame";
import { WhoSells } from "./share/who-sells";
import { tillViewOf } from "./till-view";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("till"))("title") };
}

/** The till of a store, for every member: the QR, live payments, today's list. The code is drawn here, so the browser needs no encoder. */
export default async function TillPage({ params }: PageProps<"/stores/[storeId]/till">) {
  const { storeId } = await params;
  const actor = await requireActor();
  const till = await orNotFound(getTill(actor, storeId));
  const { store, role } = till;
  const shared = await getSharedTill(actor, storeId);
  const t = await getTranslations("store");
  const seed = tileSeed(store.id, store.qrVersion);
  if (shared && !shared.sitting)
    return (
      <AreaMessages areas={["sharedtill"]}>
        <WhoSells storeId={store.id} seed={seed} till={shared} />
      </AreaMessages>
    );
  const screen = (
    <Till
      store={{ id: store.id, name: store.name, seed, shortCode: store.shortCode, host: new URL(store.payUrl).host, timeZone: store.timeZone }}
      person={{ name: actor.name ?? actor.phone, seesAll: can(role, "payments.view_all") }}
      firstView={tillViewOf(till)}
      qr={<QrCode text={store.payUrl} seed={seed} label={t("qrLabel", { name: store.name })} size={1_000} />}
    />
  );
  if (!shared) return screen;
  return (
    <AreaMessages areas={["sharedtill", "store", "till", "guest"]}>
      <SharedTillFrame storeId={store.id} till={shared}>
        {screen}
      </SharedTillFrame>
    </AreaMessages>
  );
}
