import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { PageHeader } from "@/components/page-header";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { custodyOf } from "@/lib/accounts/queries";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { WalletShell } from "../../../wallet-shell";
import { ExportKey } from "./export-key";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("custody");
  return { title: t("export.title"), robots: { index: false } };
}

/** The managed key for whoever wants a copy: asked for with a second factor, sealed to this page, shown once. */
export default async function ExportKeyPage() {
  const actor = await requireActor();
  const [t, view] = await Promise.all([getTranslations("custody"), custodyOf(actor)]);
  const managed = view.chains.find(({ custody }) => custody === "managed");
  return (
    <WalletShell current="profile">
      <PageHeader title={t("export.title")} backHref={paths.custody()} />
      <div className="grid gap-3 px-3 pt-1">
        {managed && view.serverKey === "active" ? (
          <AreaMessages areas={["custody"]}>
            <ExportKey account={managed.account} serverKeys={view.serverKeys} />
          </AreaMessages>
        ) : (
          <>
            <Note tone="neutral">{t("export.notManaged")}</Note>
            <LinkButton href={paths.custody()} kind="soft" isWide>
              {t("title")}
            </LinkButton>
          </>
        )}
      </div>
    </WalletShell>
  );
}
