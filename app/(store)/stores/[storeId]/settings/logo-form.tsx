"use client";

import { ImageUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { toast } from "sonner";
import { useErrorText } from "@/components/error-text";
import { StoreMark } from "@/components/store-mark";
import { Button } from "@/components/ui/button";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { isErrorCode, type ErrorCode } from "@/lib/errors";
import { paths } from "@/lib/paths";

/** The logo goes up by a door of its own, as the file's bytes alone: an action would keep two megabytes of a form in memory for every field. */
export function LogoForm({ store }: { store: { id: string; qrVersion: number; logoHash: string | null } }) {
  const t = useTranslations("settings");
  const errorText = useErrorText();
  const router = useRouter();
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<ErrorCode | null>(null);
  const [titleId, inputId] = [useId(), useId()];
  const send = async (file: File | null) => {
    setSending(true);
    setFailure(null);
    try {
      const answer = await fetch(paths.changeLogo(store.id), file ? { method: "POST", body: file, headers: { "content-type": "application/octet-stream" } } : { method: "DELETE" });
      const { code } = answer.ok ? { code: null } : ((await answer.json().catch(() => ({}))) as { code?: string });
      if (answer.ok) {
        toast(t(file ? "logoSaved" : "logoRemoved"));
        router.refresh();
      } else setFailure(isErrorCode(code ?? null) ? (code as ErrorCode) : "unavailable");
    } catch {
      setFailure("unavailable");
    }
    setSending(false);
  };
  return (
    <Card aria-labelledby={titleId}>
      <h2 id={titleId}>{t("logo")}</h2>
      <p className="mt-1 text-small text-muted">{t("logoText")}</p>
      <div className="mt-4 flex flex-wrap items-center gap-4">
        <StoreMark store={store} size={84} />
        <div className="flex flex-wrap gap-2">
          <label htmlFor={inputId} aria-busy={isSending || undefined} className={`${buttonStyle({ kind: "soft", size: "medium" })} cursor-pointer focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-focus`}>
            <Icon of={ImageUp} />
            {isSending ? t("logoSending") : t("logoChoose")}
            <input
              id={inputId}
              type="file"
              accept="image/png,image/jpeg,image/webp"
              disabled={isSending}
              onChange={(event) => {
                const [file] = event.target.files ?? [];
                event.target.value = "";
                if (file) void send(file);
              }}
              className="sr-only"
            />
          </label>
          {store.logoHash ? (
            <Button kind="quiet" size="medium" onClick={() => void send(null)}>
              {t("logoRemove")}
            </Button>
          ) : null}
        </div>
      </div>
      <div className="mt-3 empty:hidden">
        <FieldError error={failure ? errorText(failure) : null} />
      </div>
    </Card>
  );
}
