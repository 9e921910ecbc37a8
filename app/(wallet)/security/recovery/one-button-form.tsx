"use client";

import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import type { ButtonKind } from "@/components/ui/button-style";
import { FieldError } from "@/components/ui/field";
import type { ActionState } from "@/lib/action";

type FormAction = (previous: ActionState, form: FormData) => Promise<ActionState>;

/** One button that does one thing, with the sentence of its failure below. `requestId` goes along where the thing needs it. */
export function OneButtonForm({ action, label, busyLabel, kind = "outline", requestId }: { action: FormAction; label: string; busyLabel: string; kind?: ButtonKind; requestId?: string }) {
  const errorText = useErrorText();
  const [state, submit] = useActionState(action, null);
  return (
    <form action={submit} className="grid gap-2">
      {requestId ? <input type="hidden" name="requestId" value={requestId} /> : null}
      <SubmitButton kind={kind} isWide busyLabel={busyLabel}>
        {label}
      </SubmitButton>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
    </form>
  );
}
