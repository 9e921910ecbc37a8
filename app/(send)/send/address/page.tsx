import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { PageHeader } from "@/components/page-header";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { AddressForm } from "./address-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("transfers"))("details.addressTitle"), robots: { index: false } };
}

/** The way out of CocoPay, with its warning before anything is typed. */
export default async function SendToAddressPage() {
  await requireActor();
  const t = await getTranslations("transfers");
  return (
    <PayShell>
      <PageHeader title={t("sendTitle")} backHref={paths.send()} />
      <main id="content" className="flex flex-1 flex-col px-5 pt-3 pb-5">
        <h2 className="mb-3 text-title">{t("details.addressTitle")}</h2>
        <Note tone="danger">{t("details.addressWarningAny")}</Note>
        <AreaMessages areas={["transfers"]}>
          <AddressForm />
        </AreaMessages>
      </main>
    </PayShell>
  );
}
