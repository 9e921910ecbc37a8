import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { ActButton } from "@/app/account/act-button";
import { withdrawPhoneChangeAction } from "@/app/account/actions";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { openPhoneChange } from "@/lib/auth/change-phone";
import { securityOverview } from "@/lib/auth/queries";
import { requireActor } from "@/lib/auth/session";
import { formatDateTime } from "@/lib/money-format";
import { SecurityPage } from "../security-page";
import { PhoneForm } from "./phone-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("security");
  return { title: t("phoneTitle"), robots: { index: false } };
}

/** The number that the account is known by, and its change. */
export default async function PhonePage() {
  const actor = await requireActor();
  const [t, locale, overview, open] = await Promise.all([getTranslations("security"), getLocale(), securityOverview(actor), openPhoneChange(actor)]);
  return (
    <SecurityPage title={t("phoneTitle")}>
      <AreaMessages areas={["security", "auth"]}>
        {open ? (
          <Card aria-label={t("phoneTitle")}>
            <p className="mb-4">{t("phoneOpen", { phone: open.phone, when: formatDateTime(open.readyAt, locale) })}</p>
            <ActButton act={withdrawPhoneChangeAction} label={t("phoneOpenCancel")} busyLabel={t("phoneConfirming")} isWide />
          </Card>
        ) : null}
        <Card aria-labelledby="phone-now">
          <h2 id="phone-now" className="font-sans text-body font-semibold tracking-normal tabular-nums">
            {t("phoneNow", { phone: overview.phone })}
          </h2>
          <p className="mt-1 mb-5 text-muted">{t("phoneLead")}</p>
          <PhoneForm canSign={overview.passkeys + overview.wallets > 0} />
        </Card>
      </AreaMessages>
    </SecurityPage>
  );
}
