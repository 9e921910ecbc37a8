"use client";

import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import type { ButtonKind } from "@/components/ui/button-style";
import { FieldError } from "@/components/ui/field";
import type { ActionState } from "@/lib/action";

type Action = (previous: ActionState, form: FormData) => Promise<ActionState>;

/** A form of one field and one button, with the sentence of what went wrong. */
export function OneButton({ name = "id", value, action, label, busyLabel, kind }: { name?: string; value: string; action: Action; label: string; busyLabel: string; kind?: ButtonKind }) {
  const errorText = useErrorText();
  const [state, submit] = useActionState(action, null);
  return (
    <form action={submit} className="grid gap-2">
      <input type="hidden" name={name} value={value} />
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
      <SubmitButton kind={kind} isWide busyLabel={busyLabel}>
        {label}
      </SubmitButton>
    </form>
  );
}
