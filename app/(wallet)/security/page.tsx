import { FileText, Fingerprint, Gauge, KeyRound, MonitorSmartphone, Phone, UserRoundCheck, Wallet } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Icon } from "@/components/ui/icon";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import { securityOverview } from "@/lib/auth/queries";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { SecurityPage } from "./security-page";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("security");
  return { title: t("title"), robots: { index: false } };
}

/** One list: each room with its present state. */
export default async function SecurityHomePage() {
  const actor = await requireActor();
  const [t, overview] = await Promise.all([getTranslations("security"), securityOverview(actor)]);
  const rows = [
    { key: "custody", icon: KeyRound, line: t(`custodyStates.${overview.custody}`), href: paths.custody() },
    { key: "passkeys", icon: Fingerprint, line: t("passkeysState", { count: overview.passkeys }), href: paths.passkeys() },
    { key: "wallets", icon: Wallet, line: t("walletsState", { count: overview.wallets }), href: paths.wallets() },
    { key: "devices", icon: MonitorSmartphone, line: t("devicesState", { count: overview.devices }), href: paths.devices() },
    { key: "limits", icon: Gauge, line: t("limitsState"), href: paths.limits() },
    { key: "phone", icon: Phone, line: overview.phone, href: paths.phoneChange() },
    { key: "recovery", icon: UserRoundCheck, line: t(`recoveryStates.${overview.hasBackupPhone ? "named" : "none"}`), href: paths.recovery() },
    { key: "data", icon: FileText, line: t("dataState"), href: paths.myData() },
  ] as const;
  return (
    <SecurityPage title={t("title")} backHref={paths.profile()}>
      <RowList label={t("title")}>
        {rows.map(({ key, icon, line, href }) => (
          <Row
            key={key}
            leading={
              <RowIcon ground={key === "custody" ? "brand" : "neutral"}>
                <Icon of={icon} />
              </RowIcon>
            }
            title={t(key)}
            line={line}
            href={href}
          />
        ))}
      </RowList>
    </SecurityPage>
  );
}
