"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field, FieldError } from "@/components/ui/field";
import { quoteClaimAction } from "../../actions";

/** Giving an advance back: all of it with one button, or as much as somebody types. */
export function RepayForm({ loanId, whole }: { loanId: string; /** What all of it costs now, as money. */ whole: string }) {
  const t = useTranslations("bonus");
  const errorText = useErrorText();
  const [all, submitAll] = useActionState(quoteClaimAction, null);
  const [part, submitPart] = useActionState(quoteClaimAction, null);
  const sentence = (state: typeof all) => (state?.ok === false ? errorText(state.code, state.details) : undefined);
  return (
    <Card as="section" aria-labelledby="repay">
      <h2 id="repay" className="font-sans text-body font-[650] tracking-normal">
        {t("repayTitle")}
      </h2>
      <form action={submitAll} className="mt-3 grid gap-2">
        <input type="hidden" name="way" value="repayment" />
        <input type="hidden" name="from" value={loanId} />
        <FieldError error={sentence(all)} />
        <SubmitButton isWide busyLabel={t("quoting")}>
          {t("repayAll", { amount: whole })}
        </SubmitButton>
      </form>
      <form action={submitPart} className="mt-5 grid gap-3">
        <input type="hidden" name="way" value="repayment" />
        <input type="hidden" name="from" value={loanId} />
        <Field name="amount" required label={t("repayPart")} hint={t("repayHint")} error={sentence(part)} inputMode="decimal" autoComplete="off" maxLength={20} leading={<span aria-hidden="true" className="text-muted">R$</span>} />
        <SubmitButton kind="soft" isWide busyLabel={t("quoting")}>
          {t("repayContinue")}
        </SubmitButton>
      </form>
    </Card>
  );
}
