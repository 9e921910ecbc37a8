import { MapPinOff } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { MessagePage } from "@/components/message-page";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/paths";

export default async function NotFound() {
  const t = await getTranslations("common");
  return (
    <MessagePage
      icon={<Icon of={MapPinOff} size="large" />}
      title={t("notFoundTitle")}
      text={t("notFoundText")}
      actions={<LinkButton href={paths.home()}>{t("home")}</LinkButton>}
    />
  );
}
