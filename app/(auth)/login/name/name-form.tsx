"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { setNameAction } from "../actions";

/** The one question to a new person, then straight back to what they were doing. */
export function NameForm({ next }: { next: string }) {
  const t = useTranslations("auth");
  const errorText = useErrorText();
  const [state, submit] = useActionState(setNameAction, null);
  return (
    <form action={submit} className="flex flex-1 flex-col">
      <input type="hidden" name="next" value={next} />
      <h1 className="mt-7 mb-5.5 text-[2rem]/[2.375rem]">{t("nameTitle")}</h1>
      <Field
        label={t("nameLabel")}
        isLabelHidden
        name="name"
        type="text"
        autoComplete="given-name"
        autoCapitalize="words"
        enterKeyHint="done"
        required
        maxLength={100}
        autoFocus
        hint={t("nameLead")}
        error={state?.ok === false ? errorText(state.code, state.details) : undefined}
      />
      <div className="mt-5">
        <SubmitButton isWide busyLabel={t("savingName")}>
          {t("continue")}
        </SubmitButton>
      </div>
    </form>
  );
}
