"use client";

import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import type { ButtonKind } from "@/components/ui/button-style";
import { FieldError } from "@/components/ui/field";
import type { ActionState } from "@/lib/action";

type Act = (previous: ActionState<never>, form: FormData) => Promise<ActionState<never>>;

/** One act as a form with one button, also before scripts: its hidden fields, its failure below. `name` tells several apart for screen readers. */
export function ActButton({ act, fields = {}, label, name, busyLabel, kind = "outline", isWide }: { act: unknown; fields?: Record<string, string>; label: string; name?: string; busyLabel: string; kind?: ButtonKind; isWide?: boolean }) {
  const errorText = useErrorText();
  const [state, submit] = useActionState(act as Act, null);
  return (
    <form action={submit} className="grid gap-1.5">
      {Object.entries(fields).map(([field, value]) => (
        <input key={field} type="hidden" name={field} value={value} />
      ))}
      <SubmitButton kind={kind} size="medium" isWide={isWide} busyLabel={busyLabel} aria-label={name}>
        {label}
      </SubmitButton>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
    </form>
  );
}
