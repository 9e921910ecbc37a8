"use client";

import { Copy, ExternalLink } from "lucide-react";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { buttonStyle } from "@/components/ui/button-style";
import { Icon } from "@/components/ui/icon";

/** Browsers inside other apps, by what they write into their user agent. The camera is shut there. */
const APPS = [
  ["WhatsApp", /WhatsApp/i],
  ["Instagram", /Instagram/i],
  ["Facebook", /FBAN|FBAV|FB_IAB/],
  ["TikTok", /musical_ly|BytedanceWebview|TikTok/i],
  ["Telegram", /Telegram/i],
] as const;

const never = () => () => undefined;

/** The app whose inner browser shows this page, or null. */
export const useInAppBrowser = (): string | null =>
  useSyncExternalStore(
    never,
    () => APPS.find(([, pattern]) => pattern.test(navigator.userAgent))?.[0] ?? null,
    () => null,
  );

/** How to get out: one tap on Android, a copied address elsewhere. */
export function InAppNotice({ app }: { app: string }) {
  const t = useTranslations("wallet");
  const isAndroid = useSyncExternalStore(never, () => /Android/i.test(navigator.userAgent), () => false);
  const address = useSyncExternalStore(never, () => window.location.href, () => "");
  const outside = `intent://${address.replace(/^https?:\/\//, "")}#Intent;scheme=${address.startsWith("https") ? "https" : "http"};action=android.intent.action.VIEW;end`;
  return (
    <div className="relative m-auto grid max-w-[36ch] justify-items-center px-6 py-8 text-center">
      <h2>{t("scanInAppTitle")}</h2>
      <p className="mt-2 text-muted">{t("scanInAppText", { app })}</p>
      <div className="mt-5 grid gap-2">
        {isAndroid ? (
          <a href={outside} className={buttonStyle({ size: "medium" })}>
            <Icon of={ExternalLink} />
            {t("scanInAppOpen")}
          </a>
        ) : null}
        <Button
          kind="soft"
          size="medium"
          icon={<Icon of={Copy} />}
          onClick={() => {
            void navigator.clipboard.writeText(address).then(() => toast(t("scanCopied")));
          }}
        >
          {t("scanInAppCopy")}
        </Button>
      </div>
    </div>
  );
}
