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

/** Drawn with status 403 for members who own nothing of the store. Next gives this file no params, so the store is read from the path. */
export default async function PayoutsForbidden() {
  const storeId = /\/stores\/([^/?]+)/.exec((await headers()).get(PATH_HEADER) ?? "")?.[1] ?? "";
  const actor = await requireActor();
  const [{ store, role }, givers] = await orNotFound(Promise.all([getStoreFrame(actor, storeId), namesOfOwners(actor, storeId)]));
  const [t, words, locale] = await Promise.all([getTranslations("payouts.denied"), getTranslations("store"), getLocale()]);
  return (
    <StorePage actor={actor} store={store} role={role} current={null}>
      <DeniedPage
        title={t("title")}
        situation={t.rich("situation", { role: words(`roles.${role}`).toLocaleLowerCase(locale), store: store.name, b: (text) => <b className="text-ink">{text}</b> })}
        right={t("right")}
        givers={givers}
        actions={
          <>
            <LinkButton href={paths.till(store.id)}>{words("openTill")}</LinkButton>
            <LinkButton kind="quiet" href={paths.storeList()}>
              {words("back")}
            </LinkButton>
          </>
        }
      />
    </StorePage>
  );
}
