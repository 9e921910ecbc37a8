import { Store } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { ShareLink } from "@/app/(send)/share-link";
import { WalletShell } from "@/app/(wallet)/wallet-shell";
import { EmptyState } from "@/components/empty-state";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { RowList } from "@/components/ui/row";
import { SegmentLinks } from "@/components/ui/segments";
import { env } from "@/lib/env";
import { countStores, nearestStores } from "@/lib/explore/queries";
import { filterOfQuery, HOME_TOWN, queryOfFilter, STORES_PAGE, STORES_SHOWN_MAX } from "@/lib/explore/rules";
import { paths } from "@/lib/paths";
import { ExploreFilters } from "./filters";
import { StoresMap } from "./stores-map";
import { StoreRow } from "./store-row";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("explore");
  return { title: t("title"), description: t("description") };
}

/** The stores around, for anybody. The address holds the filter, the place where somebody lets us know it, the view, and how many are shown. */
export default async function ExplorePage({ searchParams }: PageProps<"/explore">) {
  const query = await searchParams;
  const filter = filterOfQuery(query);
  const view = query["view"] === "map" ? "map" : "list";
  const limit = Math.min(Math.max(Number(query["show"]) || STORES_PAGE, STORES_PAGE), STORES_SHOWN_MAX);
  const now = new Date();
  const [t, locale, stores, count] = await Promise.all([
    getTranslations("explore"),
    getLocale(),
    nearestStores({ ...(filter.place ?? HOME_TOWN), limit, filter, now }),
    countStores(filter, now),
  ]);
  const kept = queryOfFilter(filter);
  const isFiltered = filter.search !== "" || filter.category !== null || filter.isOpenNow;
  const all = stores.length === 0 && isFiltered ? await countStores({}, now) : 0;
  const title = isFiltered ? t("countFound", { count }) : filter.place ? t("countNear", { count }) : t("countTown", { count });
  return (
    <WalletShell current="explore" isWide>
      <h1 className="sr-only">{t("title")}</h1>
      <div className="px-5 pt-4 lg:px-0 lg:pt-8">
        <ExploreFilters filter={filter} view={view} />
      </div>
      {stores.length === 0 ? (
        <EmptyState
          icon={<Icon of={Store} size="large" />}
          title={filter.search === "" ? t("noneTitle") : t("noneFor", { search: filter.search })}
          text={t("noneText")}
          action={
            <div className="grid justify-items-center gap-2">
              <ShareLink link={new URL(paths.newStore(), env().APP_URL).href} text={t("inviteText")} label={t("invite")} copied={t("inviteCopied")} />
              {all > 0 ? (
                <LinkButton kind="quiet" href={paths.explore(filter.place ? queryOfFilter({ place: filter.place, search: "", category: null, isOpenNow: false }) : {})}>
                  {t("seeAll", { count: all })}
                </LinkButton>
              ) : null}
            </div>
          }
        />
      ) : (
        <div className="mt-5 grid gap-y-3 lg:grid-cols-[minmax(0,460px)_minmax(0,1fr)] lg:grid-rows-[auto_1fr] lg:gap-x-5">
          <header className="flex flex-wrap items-center justify-between gap-3 px-5 lg:px-0">
            <div>
              <h2 id="found">{title}</h2>
              {filter.place ? null : <p className="text-small text-muted">{t("fromTown")}</p>}
            </div>
            <div className="lg:hidden">
              <SegmentLinks
                label={t("view")}
                current={view}
                segments={[
                  { value: "list", label: t("list"), href: paths.explore(kept) },
                  { value: "map", label: t("map"), href: paths.explore({ ...kept, view: "map" }) },
                ]}
              />
            </div>
          </header>
          <div className={view === "map" ? "mb-2 lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:mb-0" : "hidden lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:block"}>
            <StoresMap
              stores={stores.map(({ id, name, latitude, longitude, qrVersion, logoHash }) => ({ id, name, latitude, longitude, qrVersion, logoHash }))}
              place={filter.place}
              centre={filter.place ?? HOME_TOWN}
              styleUrl={env().MAP_STYLE_URL ?? null}
            />
          </div>
          <section aria-labelledby="found" className="px-3 lg:col-start-1 lg:px-0">
            <RowList label={t("stores")}>
              {stores.map((store) => (
                <StoreRow key={store.id} store={store} hasDistance={filter.place !== null} locale={locale} />
              ))}
            </RowList>
            {stores.length < count && limit < STORES_SHOWN_MAX ? (
              <div className="mt-4 grid">
                <LinkButton kind="soft" href={paths.explore({ ...kept, ...(view === "map" ? { view } : {}), show: String(limit + STORES_PAGE) })}>
                  {t("more")}
                </LinkButton>
              </div>
            ) : null}
          </section>
        </div>
      )}
    </WalletShell>
  );
}
