import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { PageHeader } from "@/components/page-header";
import { requireActor } from "@/lib/auth/session";
import { newId } from "@/lib/ids";
import { paths } from "@/lib/paths";
import { TransferAmountForm } from "../../amount-form";
import { readAmounts } from "../../send/read-amounts";
import { makeRequestAction } from "../actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("requests"))("newTitle"), robots: { index: false } };
}

/** How much, and what for. The key of the form makes one request, however often it is sent. */
export default async function NewRequestPage() {
  await requireActor();
  const [t, { rate }] = await Promise.all([getTranslations("requests"), readAmounts(null)]);
  return (
    <PayShell>
      <PageHeader title={t("newTitle")} backHref={paths.receive()} />
      <main id="content" className="flex flex-1 flex-col pt-2">
        <AreaMessages areas={["pay", "limits", "transfers"]}>
          <TransferAmountForm hidden={{ k: newId() }} action={makeRequestAction} kept={null} rate={rate} availableUsdMicros={null} today={null} labels={{ note: t("noteLabel"), submit: t("create"), busy: t("creating") }} />
        </AreaMessages>
      </main>
    </PayShell>
  );
}
