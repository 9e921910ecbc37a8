import { QrCode } from "lucide-react";
import { useTranslations } from "next-intl";
import { MessagePage } from "@/components/message-page";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/paths";

/** A code that leads to no store: never given, retired with its sticker, or (`problem`) not readable now. */
export function UnknownStore({ code, retiredOf = null, problem }: { code: string; /** The store whose code this was. */ retiredOf?: string | null; problem?: string }) {
  const t = useTranslations("pay");
  const common = useTranslations("common");
  return (
    <MessagePage
      icon={<Icon of={QrCode} size="large" />}
      title={problem ? common("errorTitle") : t(retiredOf ? "retiredTitle" : "unknownTitle")}
      text={problem ?? (retiredOf ? t("retiredText") : t("unknownText", { code: code.toUpperCase() }))}
      actions={
        <>
          {retiredOf ? <LinkButton href={paths.publicStore(retiredOf)}>{t("retiredStore")}</LinkButton> : null}
          <LinkButton href={paths.scan()} kind={retiredOf ? "soft" : "primary"}>
            {t("scanAgain")}
          </LinkButton>
          <LinkButton href={paths.home()} kind="quiet">
            {common("home")}
          </LinkButton>
        </>
      }
    />
  );
}
