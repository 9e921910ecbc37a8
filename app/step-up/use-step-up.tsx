"use client";

import { useCallback, useRef, useState, type ReactNode } from "react";
import type { StepUpPurpose } from "@/lib/auth/rules";
import type { StepUpWays } from "@/lib/auth/step-up-ways";
import { stepUpWaysAction } from "./actions";
import { formOf } from "./form-of";
import { StepUpDialog } from "./step-up-dialog";

/**
 * Asks the person to confirm. Put `dialog` on the page once; when an action answers `step_up_required`, `if (await ask(purpose))` run it
 * again. `ask` answers true once this session is confirmed, false when the person closed the dialog or chose to wait.
 */
export function useStepUp(): { ask: (purpose: StepUpPurpose) => Promise<boolean>; dialog: ReactNode } {
  const [asked, setAsked] = useState<{ purpose: StepUpPurpose; ways: StepUpWays } | null>(null);
  const answer = useRef<(isConfirmed: boolean) => void>(undefined);

  const ask = useCallback(async (purpose: StepUpPurpose): Promise<boolean> => {
    const ways = await stepUpWaysAction(null, formOf({ purpose }));
    if (!ways?.ok) return false;
    answer.current?.(false);
    setAsked({ purpose, ways: ways.value });
    return new Promise((resolve) => (answer.current = resolve));
  }, []);

  const end = (isConfirmed: boolean) => {
    setAsked(null);
    answer.current?.(isConfirmed);
    answer.current = undefined;
  };

  return { ask, dialog: asked ? <StepUpDialog purpose={asked.purpose} ways={asked.ways} onEnd={end} /> : null };
}
