import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { PageHeader } from "@/components/page-header";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { WalletShell } from "../../../wallet-shell";
import { ownerSources } from "../owner-sources";
import { TakeoverWizard } from "./takeover-wizard";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("takeover");
  return { title: t("title"), robots: { index: false } };
}

/** From "CocoPay moves it for you" to "only you": what it means, two owners, one confirmation. */
export default async function TakeoverPage() {
  const actor = await requireActor();
  const [t, { view, sources }] = await Promise.all([getTranslations("takeover"), ownerSources(actor)]);
  // Under way, done, or not ready yet: the overview says which.
  if (view.state !== "managed" || view.change || !sources) redirect(paths.custody());
  return (
    <WalletShell current="profile">
      <PageHeader title={t("title")} backHref={paths.custody()} />
      <AreaMessages areas={["takeover", "signing", "wallets"]}>
        <TakeoverWizard sources={sources} />
      </AreaMessages>
    </WalletShell>
  );
}
