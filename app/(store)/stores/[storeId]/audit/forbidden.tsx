import { getTranslations } from "next-intl/server";
import { DeniedSection } from "../denied-section";

export default async function AuditForbidden() {
  const t = await getTranslations("audit");
  return <DeniedSection title={t("denied")} right={t("deniedRight")} />;
}
