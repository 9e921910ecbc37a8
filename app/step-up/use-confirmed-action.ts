"use client";

import { useActionState, type ReactNode } from "react";
import type { ActionState } from "@/lib/action";
import type { StepUpPurpose } from "@/lib/auth/rules";
import { useStepUp } from "./use-step-up";

type FormAction<T> = (previous: ActionState<T>, form: FormData) => Promise<ActionState<T>>;

/** `useActionState` for a form that may ask for a second factor: the person confirms, and the same fields are sent again. */
export function useConfirmedAction<T>(run: FormAction<T>, purpose: StepUpPurpose): { state: ActionState<T>; submit: (form: FormData) => void; dialog: ReactNode } {
  const { ask, dialog } = useStepUp();
  const [state, submit] = useActionState<ActionState<T>, FormData>(async (previous, form) => {
    const answer = await run(previous, form);
    const isHeld = answer !== null && !answer.ok && answer.code === "step_up_required";
    return isHeld && (await ask(purpose)) ? run(previous, form) : answer;
  }, null);
  return { state, submit, dialog };
}
