import clsx from "clsx";
import { useTranslations } from "next-intl";
import { StoreMark } from "@/components/store-mark";
import { Chip } from "@/components/ui/chip";
import { Row } from "@/components/ui/row";
import type { NearStore } from "@/lib/explore/queries";
import type { Locale } from "@/lib/i18n/locale";
import { paths } from "@/lib/paths";
import { CATEGORIES } from "@/lib/stores/rules";
import { distanceText, openText, percentText } from "./words";

/** One store of the list: what it is, how far, whether it is open, what it gives back. */
export function StoreRow({ store, hasDistance, locale }: { store: NearStore; hasDistance: boolean; locale: Locale }) {
  const t = useTranslations("explore");
  const words = useTranslations("store");
  const category = CATEGORIES.find((key) => key === store.category);
  const open = openText(store.open, t, locale, store.timeZone);
  const facts = [category ? words(`categories.${category}`) : null, hasDistance ? distanceText(store.distanceMetres, t, locale) : null].filter(Boolean).join(" · ");
  return (
    <Row
      href={paths.publicStore(store.id)}
      leading={<StoreMark store={store} />}
      title={store.name}
      line={
        <>
          {facts}
          {open ? (
            <>
              {facts === "" ? "" : " · "}
              <span className={clsx(store.open?.isOpen && "font-semibold text-positive")}>{open}</span>
            </>
          ) : null}
          {facts === "" && !open ? store.place : null}
        </>
      }
      amount={store.rewardRateBps > 0 ? <Chip tone="reward">{t("back", { percent: percentText(store.rewardRateBps, locale) })}</Chip> : undefined}
    />
  );
}
