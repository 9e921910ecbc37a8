import { useTranslations } from "next-intl";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { paths } from "@/lib/paths";
import type { WhatIsLeft } from "@/lib/privacy/queries";

/** A sole owner's stores, each with its ways on: to somebody else, or closed and its money taken out. */
export function OwnedStores({ stores }: { stores: WhatIsLeft["ownedStores"] }) {
  const t = useTranslations("privacy");
  return (
    <>
      <Note tone="caution">{t("deleteStores")}</Note>
      {stores.map(({ id, name, isClosed }) => (
        <Card key={id} aria-label={name}>
          <h2 className="break-words">{name}</h2>
          {isClosed ? <p className="mt-1 text-muted">{t("deleteMoney")}</p> : null}
          <div className="mt-3 flex flex-wrap gap-2">
            {isClosed ? (
              <LinkButton size="medium" href={paths.storePayouts(id)}>
                {t("deletePayout")}
              </LinkButton>
            ) : (
              <>
                <LinkButton size="medium" href={paths.storeTeam(id)}>
                  {t("deleteHandOver")}
                </LinkButton>
                <LinkButton size="medium" kind="soft" href={paths.storeSettings(id, "close")}>
                  {t("deleteClose")}
                </LinkButton>
              </>
            )}
          </div>
        </Card>
      ))}
    </>
  );
}
