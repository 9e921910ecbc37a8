"use client";

import { startTransition, useActionState, useOptimistic } from "react";
import { useErrorText } from "@/components/error-text";
import { FieldError } from "@/components/ui/field";
import { Switch } from "@/components/ui/switch";
import type { ActionState } from "@/lib/action";

/** A switch that is kept at once. It goes back when the server could not keep it, and says why. */
export function Toggle({ label, isOn, action }: { label: string; isOn: boolean; action: (previous: ActionState, form: FormData) => Promise<ActionState> }) {
  const errorText = useErrorText();
  const [state, submit] = useActionState(action, null);
  const [shown, show] = useOptimistic(isOn);
  const change = (next: boolean) =>
    startTransition(() => {
      show(next);
      const form = new FormData();
      form.set("isOn", next ? "yes" : "no");
      submit(form);
    });
  return (
    <>
      <Switch label={label} isOn={shown} onChange={change} />
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
    </>
  );
}
