import { Fingerprint } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/empty-state";
import { Icon } from "@/components/ui/icon";
import { listPasskeys } from "@/lib/auth/passkeys/queries";
import { requireActor } from "@/lib/auth/session";
import { formatDate } from "@/lib/money-format";
import { SecurityPage } from "../security-page";
import { AddPasskeyButton } from "./add-passkey-button";
import { PasskeyItem } from "./passkey-item";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("passkeys");
  return { title: t("title"), robots: { index: false } };
}

export default async function PasskeysPage() {
  const actor = await requireActor();
  const [t, locale, passkeys] = await Promise.all([getTranslations("passkeys"), getLocale(), listPasskeys(actor)]);
  return (
    <SecurityPage title={t("title")}>
      <AreaMessages areas={["passkeys"]}>
        <p className="px-2 pt-1 text-muted">{t("lead")}</p>
        {passkeys.length === 0 ? (
          <Card>
            <EmptyState title={t("none")} icon={<Icon of={Fingerprint} size="large" />} />
          </Card>
        ) : (
          <ul aria-label={t("list")} className="grid gap-3">
            {passkeys.map(({ passkeyId, name, lastUsedAt, createdAt, isBackedUp, isOwner, derivedAddress }) => (
              <PasskeyItem
                key={passkeyId}
                passkeyId={passkeyId}
                name={name}
                line={[lastUsedAt ? t("lastUsed", { date: formatDate(lastUsedAt, locale) }) : t("neverUsed", { date: formatDate(createdAt, locale) }), ...(isBackedUp ? [t("synced")] : [])].join(" · ")}
                isOwner={isOwner}
                hasKey={derivedAddress !== null}
                others={passkeys.length - 1}
              />
            ))}
          </ul>
        )}
        <AddPasskeyButton />
        <p className="px-2 text-small text-muted">{t("phoneStays")}</p>
      </AreaMessages>
    </SecurityPage>
  );
}
