import { getTranslations } from "next-intl/server";
import { StoreDenied } from "../store-denied";

export default async function SettingsForbidden() {
  const t = await getTranslations("settings");
  return <StoreDenied title={t("denied")} right={t("deniedRight")} />;
}
