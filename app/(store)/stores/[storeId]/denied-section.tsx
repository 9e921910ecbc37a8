import { headers } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import { DeniedPage } from "@/components/denied-page";
import { LinkButton } from "@/components/ui/link-button";
import { PATH_HEADER } from "@/lib/auth/request-headers";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { getStoreFrame, namesOfOwners } from "@/lib/stores/queries";
import { orNotFound } from "../../or-not-found";
import { StorePage } from "./store-page";

/** Drawn with status 403 for members without the right of a page. Next gives such a file no params, so the store is read from the path. */
export async function DeniedSection({ title, right }: { title: string; right: string }) {
  const storeId = /\/stores\/([^/?]+)/.exec((await headers()).get(PATH_HEADER) ?? "")?.[1] ?? "";
  const actor = await requireActor();
  const [{ store, role }, givers] = await orNotFound(Promise.all([getStoreFrame(actor, storeId), namesOfOwners(actor, storeId)]));
  const [t, locale] = await Promise.all([getTranslations("store"), getLocale()]);
  return (
    <StorePage actor={actor} store={store} role={role} current={null}>
      <DeniedPage
        title={title}
        situation={t.rich("deniedSituation", { role: t(`roles.${role}`).toLocaleLowerCase(locale), store: store.name, b: (text) => <b className="text-ink">{text}</b> })}
        right={right}
        givers={givers}
        actions={
          <>
            <LinkButton href={paths.till(store.id)}>{t("openTill")}</LinkButton>
            <LinkButton kind="quiet" href={paths.storeList()}>
              {t("back")}
            </LinkButton>
          </>
        }
      />
    </StorePage>
  );
}
