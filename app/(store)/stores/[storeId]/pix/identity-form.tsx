"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { requestStoreIdentityAction } from "./actions";

/** Asks for the partner's link. */
export function IdentityForm({ storeId, label }: { storeId: string; label: string }) {
  const t = useTranslations("tillpix.store");
  const errorText = useErrorText();
  const [state, submit] = useActionState(requestStoreIdentityAction, null);
  return (
    <form action={submit} className="grid gap-2">
      <input type="hidden" name="storeId" value={storeId} />
      <SubmitButton isWide busyLabel={t("starting")}>
        {label}
      </SubmitButton>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
    </form>
  );
}
