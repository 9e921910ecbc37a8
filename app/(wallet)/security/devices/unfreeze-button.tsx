"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { unfreezeAction } from "@/app/account/actions";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";

/** Lifts the freeze: a passkey's or wallet's signature, or the right that was waited for. */
export function UnfreezeButton() {
  const t = useTranslations("security");
  const errorText = useErrorText();
  const { ask, dialog } = useStepUp();
  const [error, setError] = useState<string>();
  // Not a transition: React would hold back what the dialog shows until all is done.
  const [isBusy, setBusy] = useState(false);
  const unfreeze = async () => {
    setError(undefined);
    setBusy(true);
    let answer = await unfreezeAction(null, new FormData());
    if (answer?.ok === false && answer.code === "step_up_required" && (await ask("unfreeze"))) answer = await unfreezeAction(null, new FormData());
    if (answer?.ok === false && answer.code !== "step_up_required") setError(errorText(answer.code, answer.details));
    setBusy(false);
  };
  return (
    <div className="grid gap-2">
      <Button isWide busy={isBusy && t("unfreezing")} onClick={() => void unfreeze()}>
        {t("unfreeze")}
      </Button>
      <FieldError error={error} />
      {dialog}
    </div>
  );
}
