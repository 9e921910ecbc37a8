import { getTranslations } from "next-intl/server";
import { StoreDenied } from "../store-denied";

/** For staff who look for another day than today. */
export default async function CloseDayForbidden() {
  const t = await getTranslations("analytics");
  return <StoreDenied title={t("closeDenied")} right={t("closeDeniedRight")} />;
}
