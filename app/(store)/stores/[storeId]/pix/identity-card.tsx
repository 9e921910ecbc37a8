import { BadgeCheck, Landmark } from "lucide-react";
import { useTranslations } from "next-intl";
import { RefreshEvery } from "@/components/refresh-every";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import type { StorePixPage } from "@/lib/tillpix/queries";
import { IdentityForm } from "./identity-form";

const LOOK_MS = 2_000;

/** Where the store stands with the partner that converts Pix, and the owner's next step. */
export function StoreIdentityCard({ storeId, identity: { status, url, mayTryAgain }, isOwner }: { storeId: string; identity: StorePixPage["identity"]; isOwner: boolean }) {
  const t = useTranslations("tillpix.store");
  if (status === "approved") {
    return (
      <Note tone="positive" icon={<Icon of={BadgeCheck} />}>
        {t("approved")}
      </Note>
    );
  }
  const text = status === "rejected" && !mayTryAgain ? t("rejectedFinal") : t(status);
  const canStart = status === "none" || mayTryAgain;
  return (
    <Card aria-labelledby="identity" className="grid gap-4 md:grid-cols-[auto_minmax(0,1fr)_auto] md:items-center">
      <span className="grid size-14 place-items-center rounded-[18px] bg-brand-soft text-brand-ink">
        <Icon of={Landmark} size="nav" />
      </span>
      <div role="status">
        <h2 id="identity">{t("identityTitle")}</h2>
        <p className="mt-1 max-w-[60ch] text-muted">{text}</p>
        {isOwner ? null : <p className="mt-1 text-small text-muted">{t("ownerOnly")}</p>}
      </div>
      {isOwner ? (
        <div>
          {url ? (
            <a href={url} rel="noreferrer" className={buttonStyle({ isWide: true })}>
              {t("openLink")}
            </a>
          ) : canStart ? (
            <IdentityForm storeId={storeId} label={t(status === "none" ? "start" : "again")} />
          ) : null}
        </div>
      ) : null}
      {status === "requested" || status === "open" || status === "processing" ? <RefreshEvery ms={LOOK_MS} /> : null}
    </Card>
  );
}
