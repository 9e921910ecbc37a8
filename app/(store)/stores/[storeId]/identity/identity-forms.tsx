"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import type { CompanyStep, ReturnPage } from "@/lib/store-identity/rules";
import { requestStoreIdentityAction, sayStepDoneAction } from "./actions";

/** Asks for the partner's pages. */
export function IdentityForm({ storeId, returnTo, label }: { storeId: string; returnTo: ReturnPage; label: string }) {
  const t = useTranslations("identity");
  const errorText = useErrorText();
  const [state, submit] = useActionState(requestStoreIdentityAction, null);
  return (
    <form action={submit} className="grid gap-2">
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="returnTo" value={returnTo} />
      <SubmitButton isWide busyLabel={t("starting")}>
        {label}
      </SubmitButton>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
    </form>
  );
}

/** The owner's word that one of a company's pages is done. */
export function StepDoneForm({ storeId, step }: { storeId: string; step: CompanyStep }) {
  const t = useTranslations("identity");
  const errorText = useErrorText();
  const [state, submit] = useActionState(sayStepDoneAction, null);
  return (
    <form action={submit} className="grid gap-1">
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="step" value={step} />
      <SubmitButton kind="quiet" size="medium" busyLabel={t("saving")}>
        {t(`done.${step}`)}
      </SubmitButton>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
    </form>
  );
}
