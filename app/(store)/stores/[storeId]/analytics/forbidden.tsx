import { getTranslations } from "next-intl/server";
import { StoreDenied } from "../store-denied";

/** For staff. */
export default async function AnalyticsForbidden() {
  const t = await getTranslations("analytics");
  return <StoreDenied title={t("deniedTitle")} right={t("deniedRight")} />;
}
