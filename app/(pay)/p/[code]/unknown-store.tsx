import { QrCode } from "lucide-react";
import { useTranslations } from "next-intl";
import { MessagePage } from "@/components/message-page";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/paths";

/** A code that leads to no store: never given, retired with its sticker, or (`problem`) not readable now. */
export function UnknownStore({ code, isRetired = false, problem }: { code: string; isRetired?: boolean; problem?: string }) {
  const t = useTranslations("pay");
  const common = useTranslations("common");
  return (
    <MessagePage
      icon={<Icon of={QrCode} size="large" />}
      title={problem ? common("errorTitle") : t(isRetired ? "retiredTitle" : "unknownTitle")}
      text={problem ?? (isRetired ? t("retiredText") : t("unknownText", { code: code.toUpperCase() }))}
      actions={
        <>
          <LinkButton href={paths.scan()}>{t("scanAgain")}</LinkButton>
          <LinkButton href={paths.home()} kind="quiet">
            {common("home")}
          </LinkButton>
        </>
      }
    />
  );
}
