"use client";

import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState, useId, useState } from "react";
import { toast } from "sonner";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import type { ActionState } from "@/lib/action";
import { rotateCodeAction } from "../settings/actions";

/** Another code for the store, after a warning of what stops. */
export function RotateCard({ storeId, shortCode }: { storeId: string; shortCode: string }) {
  const t = useTranslations("settings");
  const errorText = useErrorText();
  const titleId = useId();
  const [isOpen, setOpen] = useState(false);
  const [state, submit] = useActionState<ActionState<{ shortCode: string }>, FormData>(async (previous, form) => {
    const answer = await rotateCodeAction(previous, form);
    if (answer?.ok) {
      setOpen(false);
      toast(t("rotated", { code: answer.value.shortCode }));
    }
    return answer;
  }, null);
  return (
    <Card aria-labelledby={titleId}>
      <h2 id={titleId}>{t("rotateTitle")}</h2>
      <p className="mt-1 text-small text-muted">{t("rotateText")}</p>
      <div className="mt-4">
        <Button kind="outline" size="medium" icon={<Icon of={RefreshCw} />} onClick={() => setOpen(true)}>
          {t("rotateOpen")}
        </Button>
      </div>
      <Dialog title={t("rotateTitle")} isOpen={isOpen} onOpenChange={setOpen}>
        <form action={submit} className="grid gap-4">
          <input type="hidden" name="storeId" value={storeId} />
          <input type="hidden" name="from" value={shortCode} />
          <Note tone="caution">{t("rotateWarn")}</Note>
          <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
          <SubmitButton kind="danger" isWide busyLabel={t("rotating")}>
            {t("rotateDo")}
          </SubmitButton>
        </form>
      </Dialog>
    </Card>
  );
}
