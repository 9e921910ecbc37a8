"use client";

import { useTranslations } from "next-intl";
import { useConfirmedAction } from "@/app/step-up/use-confirmed-action";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { DEFAULT_PHONE_COUNTRY, PHONE_COUNTRIES } from "@/lib/auth/rules";
import { askBackupAction } from "./actions";

/** Whose phone, with its country. */
export function AskBackupForm() {
  const t = useTranslations("recovery");
  const auth = useTranslations("auth");
  const errorText = useErrorText();
  const { state, submit, dialog } = useConfirmedAction(askBackupAction, "backup_phone");
  return (
    <>
      <form action={submit} className="mt-4 grid gap-3">
        <Select label={auth("countryLabel")} name="country" defaultValue={DEFAULT_PHONE_COUNTRY} autoComplete="off" options={PHONE_COUNTRIES.map(({ code, callingCode }) => ({ value: code, label: `${auth(`countries.${code}`)} +${callingCode}` }))} />
        <Field label={t("phoneLabel")} name="phone" type="tel" inputMode="tel" autoComplete="off" required maxLength={40} placeholder={PHONE_COUNTRIES[0].example} error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
        <SubmitButton isWide busyLabel={t("asking")}>
          {t("ask")}
        </SubmitButton>
      </form>
      {dialog}
    </>
  );
}
