import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { PageHeader } from "@/components/page-header";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { PhoneForm } from "./phone-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("transfers"))("phoneTitle"), robots: { index: false } };
}

export default async function SendToPhonePage() {
  await requireActor();
  const t = await getTranslations("transfers");
  return (
    <PayShell>
      <PageHeader title={t("sendTitle")} backHref={paths.send()} />
      <main id="content" className="flex flex-1 flex-col px-5 pt-3 pb-5">
        <h2 className="text-title">{t("phoneTitle")}</h2>
        <p className="mt-2 text-muted">{t("phoneLead")}</p>
        <AreaMessages areas={["transfers", "auth"]}>
          <PhoneForm />
        </AreaMessages>
      </main>
    </PayShell>
  );
}
