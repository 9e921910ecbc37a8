"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { DEFAULT_PHONE_COUNTRY, PHONE_COUNTRIES } from "@/lib/auth/rules";
import { choosePhoneAction } from "../actions";

/** Whose phone, with its country. */
export function PhoneForm() {
  const t = useTranslations("transfers");
  const auth = useTranslations("auth");
  const errorText = useErrorText();
  const [state, submit] = useActionState(choosePhoneAction, null);
  return (
    <form action={submit} className="mt-5 flex flex-1 flex-col gap-4">
      <Select
        label={auth("countryLabel")}
        name="country"
        defaultValue={DEFAULT_PHONE_COUNTRY}
        autoComplete="off"
        options={PHONE_COUNTRIES.map(({ code, callingCode }) => ({ value: code, label: `${auth(`countries.${code}`)} +${callingCode}` }))}
      />
      <Field
        label={t("phoneLabel")}
        name="phone"
        type="tel"
        inputMode="tel"
        autoComplete="off"
        required
        maxLength={40}
        placeholder={PHONE_COUNTRIES[0].example}
        error={state?.ok === false ? errorText(state.code, state.details) : undefined}
      />
      <div className="mt-auto pt-4">
        <SubmitButton isWide busyLabel={t("checking")}>
          {t("continue")}
        </SubmitButton>
      </div>
    </form>
  );
}
