import { ChevronDown, Search, SlidersHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/ui/button-style";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Select } from "@/components/ui/select";
import { queryOfFilter, SEARCH_LENGTH_MAX, type ExploreFilter } from "@/lib/explore/rules";
import { paths } from "@/lib/paths";
import { CATEGORIES } from "@/lib/stores/rules";
import { NearMe } from "./near-me";

/** Search, kind and hours as a plain form, so that it works before scripts; the place is asked for by its own button only. */
export function ExploreFilters({ filter, view }: { filter: ExploreFilter; view: "list" | "map" }) {
  const t = useTranslations("explore");
  const words = useTranslations("store");
  const { near } = queryOfFilter({ ...filter, search: "", category: null, isOpenNow: false });
  const isOpen = filter.category !== null || filter.isOpenNow;
  return (
    <div className="grid gap-3">
      <form action={paths.explore()} role="search" className="grid gap-3 lg:grid-cols-[minmax(0,1fr)_auto] lg:items-start">
        {near ? <input type="hidden" name="near" value={near} /> : null}
        {view === "map" ? <input type="hidden" name="view" value="map" /> : null}
        <Field
          type="search"
          name="q"
          label={t("search")}
          isLabelHidden
          placeholder={t("search")}
          defaultValue={filter.search}
          maxLength={SEARCH_LENGTH_MAX}
          autoComplete="off"
          enterKeyHint="search"
          leading={<Icon of={Search} className="text-muted" />}
          trailing={
            <button type="submit" className={buttonStyle({ kind: "quiet", size: "medium" })}>
              {t("searchDo")}
            </button>
          }
        />
        <details open={isOpen} className="group rounded-card bg-card shadow-1 lg:min-w-[320px]">
          <summary className="flex min-h-14 items-center gap-2.5 rounded-card px-4 text-label marker:content-none">
            <Icon of={SlidersHorizontal} size="chip" />
            <span className="flex-1">{t("apply")}</span>
            <Icon of={ChevronDown} size="chip" className="transition-transform group-open:rotate-180" />
          </summary>
          <div className="grid gap-3 px-4 pt-1 pb-4">
            <Select name="category" label={t("category")} size="medium" defaultValue={filter.category ?? ""} options={[{ value: "", label: t("allCategories") }, ...CATEGORIES.map((key) => ({ value: key, label: words(`categories.${key}`) }))]} />
            <label className="flex min-h-11 items-center gap-3">
              <input type="checkbox" name="open" value="1" defaultChecked={filter.isOpenNow} className="size-6 flex-none accent-brand" />
              <span className="font-semibold">{t("openNow")}</span>
            </label>
            <button type="submit" className={buttonStyle({ kind: "soft", size: "medium", isWide: true })}>
              {t("apply")}
            </button>
          </div>
        </details>
      </form>
      <NearMe query={{ ...queryOfFilter({ ...filter, place: null }), ...(view === "map" ? { view } : {}) }} isOn={filter.place !== null} />
    </div>
  );
}
