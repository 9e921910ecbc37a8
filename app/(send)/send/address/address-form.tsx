"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { chooseAddressAction } from "../actions";

/** An address in full; what is wrong with it is said before there is an amount. */
export function AddressForm() {
  const t = useTranslations("transfers");
  const errorText = useErrorText();
  const [state, submit] = useActionState(chooseAddressAction, null);
  return (
    <form action={submit} className="mt-5 flex flex-1 flex-col gap-4">
      <Field
        label={t("details.addressLabel")}
        hint={t("details.addressHint")}
        name="address"
        required
        maxLength={100}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
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
