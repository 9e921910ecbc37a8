"use client";

import { CloudAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { MessagePage } from "@/components/message-page";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/paths";

/** An unexpected failure of a page. It shows the digest that stands in the server's log, never the failure itself. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations("common");
  return (
    <MessagePage
      icon={<Icon of={CloudAlert} size="large" />}
      title={t("errorTitle")}
      text={t("errorText")}
      details={error.digest ? t("errorCode", { digest: error.digest }) : undefined}
      actions={
        <>
          <Button onClick={reset}>{t("retry")}</Button>
          <LinkButton href={paths.home()} kind="quiet">
            {t("home")}
          </LinkButton>
        </>
      }
    />
  );
}
