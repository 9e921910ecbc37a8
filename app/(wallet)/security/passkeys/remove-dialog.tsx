"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { formOf } from "@/app/step-up/form-of";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import type { PasskeySignal } from "@/lib/auth/passkeys/rules";
import { removePasskeyAction } from "./actions";

type Props = { passkeyId: string; name: string; isOwner: boolean; others: number; onClose: () => void; onDone: (signal: PasskeySignal) => void };

/** Says what is lost and what stays; the confirmation takes its place while it is asked for, because two dialogs are never open. */
export function RemoveDialog({ passkeyId, name, isOwner, others, onClose, onDone }: Props) {
  const t = useTranslations("passkeys");
  const tc = useTranslations("common");
  const errorText = useErrorText();
  const { ask, dialog } = useStepUp();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const remove = async () => {
    setBusy(true);
    setError(undefined);
    let answer = await removePasskeyAction(null, formOf({ passkeyId }));
    if (answer?.ok === false && answer.code === "step_up_required") {
      answer = (await ask("passkeys")) ? await removePasskeyAction(null, formOf({ passkeyId })) : null;
    }
    setBusy(false);
    if (answer?.ok) onDone(answer.value);
    else if (answer) setError(errorText(answer.code, answer.details));
  };

  if (dialog) return dialog;
  return (
    <Dialog
      title={t("removeTitle", { name })}
      lead={t("removeLead", { others })}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      actions={
        <>
          <Button kind="danger" isWide busy={isBusy && t("removing")} onClick={() => void remove()}>
            {t("remove")}
          </Button>
          <Button kind="quiet" isWide onClick={onClose}>
            {tc("cancel")}
          </Button>
        </>
      }
    >
      {isOwner ? <Note tone="caution">{t("removeOwner")}</Note> : null}
      <FieldError error={error} />
    </Dialog>
  );
}
