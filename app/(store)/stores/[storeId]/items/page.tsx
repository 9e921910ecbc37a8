import { BookOpen } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { EmptyState } from "@/components/empty-state";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { requireActor } from "@/lib/auth/session";
import { newId } from "@/lib/ids";
import { listItems } from "@/lib/items/queries";
import { getStoreFrame } from "@/lib/stores/queries";
import { orNotFound } from "../../../or-not-found";
import { StorePage } from "../store-page";
import { AddItem } from "./item-dialog";
import { ImportDialog } from "./import-dialog";
import { ItemRow } from "./item-row";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("items"))("title") };
}

/** The store's catalogue: what the till offers, by category, in the store's order. */
export default async function ItemsPage({ params }: PageProps<"/stores/[storeId]/items">) {
  const { storeId } = await params;
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const groups = await orNotFound(listItems(actor, storeId));
  const t = await getTranslations("items");
  const categories = groups.flatMap(({ category }) => (category ? [category] : []));
  return (
    <StorePage actor={actor} store={store} role={role} current="items">
      <AreaMessages areas={["items"]}>
        <header className="flex flex-wrap items-end justify-between gap-3">
          <div>
            <h1>{t("title")}</h1>
            <p className="mt-1 max-w-[60ch] text-muted">{t("lead")}</p>
          </div>
          <div className="flex flex-wrap gap-2">
            <ImportDialog storeId={store.id} />
            <AddItem storeId={store.id} newItemId={newId()} categories={categories} />
          </div>
        </header>
        {groups.length === 0 ? (
          <Card className="mt-6">
            <EmptyState title={t("empty")} text={t("emptyText")} icon={<Icon of={BookOpen} size="large" />} />
          </Card>
        ) : null}
        <div className="mt-6 grid gap-5">
          {groups.map(({ category, items }, at) => (
            <Card key={category ?? ""} isFlush aria-labelledby={`category-${at}`} className="pt-5 pb-2">
              <h2 id={`category-${at}`} className="px-4 break-words md:px-5">
                {category ?? t("noCategory")}
              </h2>
              <ul className="mt-2">
                {items.map((item, place) => (
                  <ItemRow key={item.id} storeId={store.id} item={item} place={place + 1} count={items.length} categories={categories} />
                ))}
              </ul>
            </Card>
          ))}
        </div>
      </AreaMessages>
    </StorePage>
  );
}
