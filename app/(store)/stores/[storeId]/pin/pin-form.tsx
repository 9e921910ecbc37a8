"use client";

import { useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import type { ActionState } from "@/lib/action";
import { PIN_DIGITS_MAX, PIN_DIGITS_MIN } from "@/lib/team/rules";
import { setPinAction } from "./actions";

/** A new PIN, twice. It is never shown, not even to the person's own screen again. */
export function PinForm({ storeId }: { storeId: string }) {
  const t = useTranslations("seats");
  const errorText = useErrorText();
  const [differs, setDiffers] = useState(false);
  const [state, submit] = useActionState<ActionState, FormData>(async (previous, form) => {
    const isSame = form.get("pin") === form.get("again");
    setDiffers(!isSame);
    return isSame ? setPinAction(previous, form) : null;
  }, null);
  const digits = { type: "password", inputMode: "numeric", autoComplete: "off", pattern: `[0-9]{${PIN_DIGITS_MIN},${PIN_DIGITS_MAX}}`, maxLength: PIN_DIGITS_MAX, required: true } as const;
  return (
    <form action={submit} className="mt-4 grid gap-3">
      <input type="hidden" name="storeId" value={storeId} />
      <Field label={t("pinLabel")} name="pin" {...digits} hint={t("pinHint")} error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
      <Field label={t("pinAgain")} name="again" {...digits} error={differs ? t("pinDiffers") : undefined} />
      <SubmitButton busyLabel={t("pinSaving")}>{t("pinSave")}</SubmitButton>
      {state?.ok ? (
        <Note tone="positive" isLive>
          {t("pinSaved")}
        </Note>
      ) : null}
    </form>
  );
}
