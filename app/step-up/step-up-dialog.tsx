"use client";

import { useLocale, useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import type { StepUpPurpose } from "@/lib/auth/rules";
import type { StepUpWays } from "@/lib/auth/step-up-ways";
import { formatDateTime } from "@/lib/money-format";
import { requestStepUpWaitAction } from "./actions";
import { WAYS } from "./ways";

/** The ways to confirm that this person has, and the wait for whoever has none of them at hand. */
export function StepUpDialog({ purpose, ways, onEnd }: { purpose: StepUpPurpose; ways: StepUpWays; onEnd: (isConfirmed: boolean) => void }) {
  const t = useTranslations("common.stepUp");
  const offered = WAYS.filter(({ isOffered }) => isOffered(ways));
  const [isWaitShown, showWait] = useState(offered.length === 0 || ways.waitingUntil !== null);
  return (
    <Dialog title={t("title")} lead={offered.length > 0 ? t("lead") : t("first")} isOpen onOpenChange={(isOpen) => isOpen || onEnd(false)}>
      <div className="grid gap-2">
        {offered.map(({ id, Way }) => (
          <Way key={id} purpose={purpose} onDone={() => onEnd(true)} />
        ))}
        {isWaitShown ? (
          <Wait purpose={purpose} ways={ways} onClose={() => onEnd(false)} />
        ) : purpose === "phone_change" ? null : (
          // A phone has a wait of its own, with its present holder's code.
          <Button kind="quiet" isWide onClick={() => showWait(true)}>
            {t("without")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Wait({ purpose, ways, onClose }: { purpose: StepUpPurpose; ways: StepUpWays; onClose: () => void }) {
  const t = useTranslations("common.stepUp");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, submit] = useActionState(requestStepUpWaitAction, null);
  const readyAt = state?.ok ? state.value.readyAt : ways.waitingUntil;
  if (readyAt) {
    const when = formatDateTime(new Date(readyAt), locale);
    return (
      <>
        <Note isLive>{state?.ok ? t("asked", { when }) : t("waiting", { when })}</Note>
        <Button kind="outline" isWide onClick={onClose}>
          {t("close")}
        </Button>
      </>
    );
  }
  return (
    <form action={submit} className="grid gap-2 pt-1">
      <input type="hidden" name="purpose" value={purpose} />
      <p className="text-small text-muted">{t("waitText", { hours: String(ways.waitHours) })}</p>
      <SubmitButton kind="outline" isWide busyLabel={t("asking")}>
        {t("wait", { hours: String(ways.waitHours) })}
      </SubmitButton>
      <FieldError error={state && !state.ok ? errorText(state.code, state.details) : undefined} />
    </form>
  );
}
