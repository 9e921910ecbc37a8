"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { removeDestinationAction } from "../actions";

/** Takes a destination off the list at once: nobody is robbed by having fewer. */
export function RemoveDestination({ storeId, destinationId, name }: { storeId: string; destinationId: string; name: string }) {
  const t = useTranslations("payouts.destinationList");
  const errorText = useErrorText();
  const [state, submit] = useActionState(removeDestinationAction, null);
  return (
    <form action={submit}>
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="destinationId" value={destinationId} />
      <SubmitButton kind="quiet" size="medium" busyLabel={t("removing")} aria-label={t("removeOf", { name })}>
        {t("remove")}
      </SubmitButton>
      <FieldError error={state && !state.ok ? errorText(state.code, state.details) : undefined} />
    </form>
  );
}
