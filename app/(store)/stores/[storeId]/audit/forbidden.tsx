import { getTranslations } from "next-intl/server";
import { StoreDenied } from "../store-denied";

export default async function AuditForbidden() {
  const t = await getTranslations("audit");
  return <StoreDenied title={t("denied")} right={t("deniedRight")} />;
}
