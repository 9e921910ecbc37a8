import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { PageHeader } from "@/components/page-header";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { WalletShell } from "../../../wallet-shell";
import { ownerSources } from "../owner-sources";
import { AddOwner } from "./add-owner";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("custody");
  return { title: t("add.title"), robots: { index: false } };
}

/** One more owner for an account that is the person's alone; an owner of now confirms it on the overview. */
export default async function AddOwnerPage() {
  const actor = await requireActor();
  const [t, { view, sources }] = await Promise.all([getTranslations("custody"), ownerSources(actor)]);
  if (view.state !== "self_custody" || view.change || !sources) redirect(paths.custody());
  return (
    <WalletShell current="profile">
      <PageHeader title={t("add.title")} backHref={paths.custody()} />
      <AreaMessages areas={["custody", "takeover", "signing", "wallets"]}>
        <div className="grid gap-3 px-3 pt-1">
          <p className="px-2 text-muted">{t("add.text")}</p>
          <AddOwner sources={sources} taken={[...new Set(view.chains.flatMap(({ signers }) => signers))]} />
        </div>
      </AreaMessages>
    </WalletShell>
  );
}
