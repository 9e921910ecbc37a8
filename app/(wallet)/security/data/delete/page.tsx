import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getDeletion } from "@/lib/privacy/queries";
import { LAW_KEEPS_YEARS } from "@/lib/privacy/rules";
import { SecurityPage } from "../../security-page";
import { DeleteForm } from "./delete-form";
import { OwnedStores } from "./owned-stores";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("privacy"))("deleteTitle"), robots: { index: false } };
}

/** What goes, what stays, what stands in the way; then the one button. */
export default async function DeleteAccountPage() {
  const actor = await requireActor();
  const [t, locale, { left, rate }] = await Promise.all([getTranslations("privacy"), getLocale(), getDeletion(actor)]);
  const centavos = brlCentavosFromUsd(left.balanceUsdMicros, rate.brlPerUsdMicros);
  const items = [
    ["deleteErased", t("deleteErasedItems")],
    ["deleteKept", t("deleteKeptItems", { years: String(LAW_KEEPS_YEARS) })],
    ["deletePublic", t("deletePublicItems")],
  ] as const;
  return (
    <SecurityPage title={t("deleteTitle")} backHref={paths.myData()}>
      <Card as="div">
        <dl className="grid gap-4">
          {items.map(([key, text]) => (
            <div key={key}>
              <dt className="font-semibold">{t(key)}</dt>
              <dd className="text-muted">{text}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-4 text-muted">{t("deleteAgain")}</p>
      </Card>
      {left.ownedStores.length > 0 ? (
        <OwnedStores stores={left.ownedStores} />
      ) : left.hasOpenPayments ? (
        <Note tone="caution">{t("deleteOpen")}</Note>
      ) : (
        <AreaMessages areas={["privacy"]}>
          <DeleteForm
            balance={left.hasBalance ? (centavos > 0n ? t("deleteBalance", { amount: formatBrl(centavos, locale) }) : t("deleteBalanceTiny")) : null}
            giveUp={t(left.custody === "self_custody" ? "deleteOwnKeys" : "deleteGiveUp")}
          />
        </AreaMessages>
      )}
    </SecurityPage>
  );
}
