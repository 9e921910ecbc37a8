import { headers } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import { DeniedPage } from "@/components/denied-page";
import { LinkButton } from "@/components/ui/link-button";
import { PATH_HEADER } from "@/lib/auth/request-headers";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { getStoreFrame, namesOfOwners } from "@/lib/stores/queries";
import { orNotFound } from "../../../or-not-found";
import { StorePage } from "../store-page";

/** Drawn with status 403 for members who may not see the store's Pix. Next gives this file no params, so the store is read from the path. */
export default async function PixForbidden() {
  const storeId = /\/stores\/([^/?]+)/.exec((await headers()).get(PATH_HEADER) ?? "")?.[1] ?? "";
  const actor = await requireActor();
  const [{ store, role }, givers] = await orNotFound(Promise.all([getStoreFrame(actor, storeId), namesOfOwners(actor, storeId)]));
  const t = await getTranslations();
  const locale = await getLocale();
  return (
    <StorePage actor={actor} store={store} role={role} current={null}>
      <DeniedPage
        title={t("tillpix.denied")}
        situation={t.rich("store.deniedSituation", { role: t(`store.roles.${role}`).toLocaleLowerCase(locale), store: store.name, b: (text) => <b className="text-ink">{text}</b> })}
        right={t("tillpix.right")}
        givers={givers}
        actions={<LinkButton href={paths.till(store.id)}>{t("store.openTill")}</LinkButton>}
      />
    </StorePage>
  );
}
