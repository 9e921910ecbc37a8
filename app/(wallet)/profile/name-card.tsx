"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { setNameAction } from "@/app/(auth)/login/actions";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { paths } from "@/lib/paths";

/** The name behind a disclosure, so that nobody changes it by accident. */
export function NameCard({ name }: { name: string }) {
  const t = useTranslations("wallet");
  const errorText = useErrorText();
  const [state, submit] = useActionState(setNameAction, null);
  const error = state?.ok === false ? errorText(state.code, state.details) : undefined;
  return (
    <details className="mt-3" open={Boolean(error) || undefined}>
      <summary className="flex min-h-11 w-fit items-center font-semibold text-brand-ink underline underline-offset-3 marker:content-none">{t("changeName")}</summary>
      <form action={submit} className="mt-1 grid gap-3 pb-2">
        <input type="hidden" name="next" value={paths.profile()} />
        <Field label={t("name")} name="name" defaultValue={name} key={name} autoComplete="name" required maxLength={100} error={error} />
        <SubmitButton size="medium" busyLabel={t("saveName")}>
          {t("saveName")}
        </SubmitButton>
      </form>
    </details>
  );
}
