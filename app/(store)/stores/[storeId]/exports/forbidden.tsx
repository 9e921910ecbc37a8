import { getTranslations } from "next-intl/server";
import { StoreDenied } from "../store-denied";

/** For staff. */
export default async function ExportsForbidden() {
  const t = await getTranslations("exports");
  return <StoreDenied title={t("deniedTitle")} right={t("deniedRight")} />;
}
