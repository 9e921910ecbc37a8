import { headers } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import { DeniedPage } from "@/components/denied-page";
import { LinkButton } from "@/components/ui/link-button";
import { PATH_HEADER } from "@/lib/auth/request-headers";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { getStoreFrame, namesOfOwners } from "@/lib/stores/queries";
import { rolesFor, wordsKey, type ShownPermission } from "@/lib/team/rules";
import { orNotFound } from "../../or-not-found";
import { StorePage } from "./store-page";

/** What each page of a store needs, for the page that says so. Pages that name their right themselves have a file of their own. */
const NEEDS: Record<string, ShownPermission> = {
  team: "team.manage_staff",
  analytics: "analytics.view",
  items: "items.manage",
  payouts: "payouts.manage",
  settings: "settings.manage",
  audit: "audit.view",
};

/** Drawn with status 403 for members without a page's right. Next gives this file no params, so store and page are read from the path. */
export default async function StoreForbidden() {
  const [, storeId = "", page = ""] = /\/stores\/([^/?]+)\/?([^/?]*)/.exec((await headers()).get(PATH_HEADER) ?? "") ?? [];
  const actor = await requireActor();
  const [{ store, role }, givers] = await orNotFound(Promise.all([getStoreFrame(actor, storeId), namesOfOwners(actor, storeId)]));
  const [t, team, locale] = await Promise.all([getTranslations("store"), getTranslations("team"), getLocale()]);
  const needed = NEEDS[page] ?? "payments.view_all";
  const right = team(`can.${wordsKey(needed)}`);
  const roles = new Intl.ListFormat(locale, { type: "conjunction" }).format(rolesFor(needed).map((able) => team(`denied.who.${able}`)));
  return (
    <StorePage actor={actor} store={store} role={role} current={null}>
      <DeniedPage
        title={team("denied.title", { right, roles })}
        situation={t.rich("deniedSituation", { role: t(`roles.${role}`).toLocaleLowerCase(locale), store: store.name, b: (text) => <b className="text-ink">{text}</b> })}
        right={right.toLocaleLowerCase(locale)}
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
