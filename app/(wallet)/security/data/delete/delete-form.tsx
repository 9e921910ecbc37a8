"use client";

import { useTranslations } from "next-intl";
import { useConfirmedAction } from "@/app/step-up/use-confirmed-action";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { deleteAccountAction } from "../actions";

/** The ticks that make it knowing, and the button. `balance` says what is left; null when nothing is. */
export function DeleteForm({ balance, giveUp }: { balance: string | null; giveUp: string }) {
  const t = useTranslations("privacy");
  const errorText = useErrorText();
  const { state, submit, dialog } = useConfirmedAction(deleteAccountAction, "account_deletion");
  return (
    <Card as="div">
      <form action={submit} className="grid gap-4">
        {balance ? (
          <>
            <Note tone="caution">{balance}</Note>
            <Tick name="givesUpBalance" label={giveUp} />
          </>
        ) : null}
        <Tick name="sure" label={t("deleteSure")} />
        <SubmitButton kind="danger" isWide busyLabel={t("deleting")}>
          {t("deleteDo")}
        </SubmitButton>
        <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
      </form>
      {dialog}
    </Card>
  );
}

function Tick({ name, label }: { name: string; label: string }) {
  return (
    <label className="flex min-h-11 items-start gap-3 py-1">
      <input type="checkbox" name={name} required className="mt-0.5 size-6 flex-none accent-brand" />
      <span>{label}</span>
    </label>
  );
}
