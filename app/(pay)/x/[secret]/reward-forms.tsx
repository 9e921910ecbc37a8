"use client";

import { useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { claimRewardAction, noteReceiptPhoneAction } from "./actions";

/** Takes the reward into the account that is signed in. */
export function TakeReward({ secret }: { secret: string }) {
  const t = useTranslations("tillpix.receipt");
  const errorText = useErrorText();
  const [state, submit] = useActionState(claimRewardAction, null);
  return (
    <form action={submit} className="grid gap-2">
      <input type="hidden" name="secret" value={secret} />
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
      <SubmitButton isWide busyLabel={t("taking")}>
        {t("take")}
      </SubmitButton>
    </form>
  );
}

/** Keeps the reward for a phone whose holder is not signed in here. */
export function LeavePhone({ secret }: { secret: string }) {
  const t = useTranslations("tillpix.receipt");
  const errorText = useErrorText();
  const [phone, setPhone] = useState("");
  const [state, submit] = useActionState(noteReceiptPhoneAction, null);
  return (
    <form action={submit} noValidate className="grid gap-3">
      <input type="hidden" name="secret" value={secret} />
      <Field label={t("phone")} name="phone" type="tel" inputMode="tel" autoComplete="tel" maxLength={40} value={phone} onChange={(event) => setPhone(event.target.value)} error={state?.ok === false ? errorText(state.code, state.details) : null} />
      <SubmitButton kind="soft" isWide busyLabel={t("noting")}>
        {t("note")}
      </SubmitButton>
    </form>
  );
}
