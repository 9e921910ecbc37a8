"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { releaseAction } from "./actions";

/** Lets the charge go that this page holds, so that it can be paid in another way, or by somebody else. */
export function OtherWay({ reference }: { reference: string }) {
  const t = useTranslations("guest");
  const errorText = useErrorText();
  const [state, submit] = useActionState(releaseAction, null);
  return (
    <form action={submit} className="grid gap-2">
      <input type="hidden" name="reference" value={reference} />
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
      <SubmitButton kind="quiet" isWide busyLabel={t("leaving")}>
        {t("otherWay")}
      </SubmitButton>
    </form>
  );
}
