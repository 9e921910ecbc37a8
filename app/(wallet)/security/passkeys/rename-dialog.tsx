"use client";

import { useTranslations } from "next-intl";
import { useActionState, useEffect } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { PASSKEY_NAME_MAX, type PasskeySignal } from "@/lib/auth/passkeys/rules";
import { renamePasskeyAction } from "./actions";

export function RenameDialog({ passkeyId, name, onClose, onDone }: { passkeyId: string; name: string; onClose: () => void; onDone: (signal: PasskeySignal) => void }) {
  const t = useTranslations("passkeys");
  const errorText = useErrorText();
  const [state, submit] = useActionState(renamePasskeyAction, null);
  useEffect(() => {
    if (state?.ok) onDone(state.value);
    // Once for each answer.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [state]);
  return (
    <Dialog title={t("rename")} isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <form action={submit} className="grid gap-4">
        <input type="hidden" name="passkeyId" value={passkeyId} />
        <Field label={t("name")} name="name" defaultValue={name} maxLength={PASSKEY_NAME_MAX} required error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
        <SubmitButton isWide busyLabel={t("renaming")}>
          {t("rename")}
        </SubmitButton>
      </form>
    </Dialog>
  );
}
