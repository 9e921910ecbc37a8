import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "@/components/page-header";
import { TilePattern } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { requireActor } from "@/lib/auth/session";
import { newId } from "@/lib/ids";
import { paths } from "@/lib/paths";
import { storeIdOf } from "@/lib/stores/open-store";
import { OpenStoreForm } from "./open-store-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("store"))("newTitle") };
}

/** The form that opens a store. Its key is made here: a double tap opens one store, and the store's id, hence its tile, is known already. */
export default async function NewStorePage() {
  const actor = await requireActor();
  const t = await getTranslations("store");
  const formKey = newId();
  const seed = tileSeed(storeIdOf(actor.userId, formKey), 1);
  return (
    <div className="lg:grid lg:min-h-dvh lg:grid-cols-[minmax(0,1fr)_clamp(280px,30vw,460px)]">
      <main id="content" className="mx-auto w-full max-w-[640px] pb-12">
        <PageHeader title={t("newTitle")} backHref={paths.home()} />
        <div className="px-5 pt-3">
          <OpenStoreForm formKey={formKey} seed={seed} />
        </div>
      </main>
      <aside aria-hidden="true" className="sticky top-0 hidden h-dvh overflow-hidden bg-glaze lg:block">
        <TilePattern seed={seed} side={112} className="h-full" />
      </aside>
    </div>
  );
}
