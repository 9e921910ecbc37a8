import { getTranslations } from "next-intl/server";
import { DeniedSection } from "../denied-section";

export default async function SettingsForbidden() {
  const t = await getTranslations("settings");
  return <DeniedSection title={t("denied")} right={t("deniedRight")} />;
}
