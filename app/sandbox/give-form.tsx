"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Select, type SelectOption } from "@/components/ui/select";
import { giveDollarsAction } from "./actions";

/** A person, by phone or out of the list, and a chain. */
export function GiveForm({ people, chains }: { people: { phone: string; name: string | null }[]; chains: SelectOption[] }) {
  const t = useTranslations("sandbox.details");
  const errorText = useErrorText();
  const [state, give] = useActionState(giveDollarsAction, null);
  return (
    <form action={give} className="mt-4 flex flex-col gap-4">
      <Field name="phone" type="tel" label={t("phone")} list="people" autoComplete="off" required maxLength={40} defaultValue={state?.ok ? state.value.phone : people[0]?.phone} />
      <datalist id="people">
        {people.map(({ phone, name }) => (
          <option key={phone} value={phone}>
            {name ?? phone}
          </option>
        ))}
      </datalist>
      <Select name="chainId" label={t("chain")} options={chains} />
      <SubmitButton isWide busyLabel={t("giving")}>
        {t("give")}
      </SubmitButton>
      {state && !state.ok ? <FieldError error={errorText(state.code, state.details)} /> : null}
      {state?.ok ? (
        <Note tone="positive" isLive>
          {t("given", { phone: state.value.phone })}
        </Note>
      ) : null}
    </form>
  );
}
