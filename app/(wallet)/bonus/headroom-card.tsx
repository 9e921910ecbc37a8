"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field";
import { quoteClaimAction } from "./actions";

/** An advance that could give more since its store grew. */
export function HeadroomCard({ loanId, store, amount }: { loanId: string; store: string; amount: string }) {
  const t = useTranslations("bonus");
  const errorText = useErrorText();
  const [state, submit] = useActionState(quoteClaimAction, null);
  return (
    <Card aria-labelledby={`grown-${loanId}`}>
      <h2 id={`grown-${loanId}`} className="font-sans text-body font-[650] tracking-normal">
        {t("headroomTitle")}
      </h2>
      <p className="mt-1 text-muted">{t("headroomText", { store, amount })}</p>
      <form action={submit} className="mt-3 grid gap-2">
        <input type="hidden" name="way" value="headroom" />
        <input type="hidden" name="from" value={loanId} />
        <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
        <SubmitButton kind="soft" size="medium" isWide busyLabel={t("quoting")}>
          {t("headroomTake")}
        </SubmitButton>
      </form>
    </Card>
  );
}
