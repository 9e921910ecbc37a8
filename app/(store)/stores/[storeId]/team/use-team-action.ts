"use client";

import { useActionState, useState, type ReactNode } from "react";
import { useStepUp } from "@/app/step-up/use-step-up";
import type { ActionState } from "@/lib/action";

type FormAction<T> = (previous: ActionState<T>, form: FormData) => Promise<ActionState<T>>;

/**
 * `useActionState` for a form in a dialog that may ask for a second factor. `isAsking` says when the person confirms, so that the form's own dialog
 * steps aside: never two at once. `onDone` runs with the answer of a success.
 */
export function useTeamAction<T>(run: FormAction<T>, onDone: (value: T) => void): { state: ActionState<T>; submit: (form: FormData) => void; dialog: ReactNode; isAsking: boolean } {
  const { ask, dialog } = useStepUp();
  const [isAsking, setAsking] = useState(false);
  const [state, submit] = useActionState<ActionState<T>, FormData>(async (previous, form) => {
    let answer = await run(previous, form);
    if (answer !== null && !answer.ok && answer.code === "step_up_required") {
      setAsking(true);
      const isConfirmed = await ask("team_change").finally(() => setAsking(false));
      if (isConfirmed) answer = await run(previous, form);
    }
    if (answer?.ok) onDone(answer.value);
    return answer;
  }, null);
  return { state, submit, dialog, isAsking };
}
