"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useActionState, useEffect } from "react";
import { confirmTopUpAction } from "@/app/(wallet)/add/actions";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";

/** Says yes to exactly the minimum that is on the screen. */
export function ConfirmForm({ topUpId, minimum }: { topUpId: string; minimum: string }) {
  const t = useTranslations("topups");
  const errorText = useErrorText();
  const router = useRouter();
  const [state, submit] = useActionState(confirmTopUpAction, null);
  // Said yes: the code is on its way. Or the price was replaced meanwhile: the new one is shown.
  useEffect(() => {
    if (state) router.refresh();
  }, [state, router]);
  return (
    <form action={submit} className="grid gap-2">
      <input type="hidden" name="topUpId" value={topUpId} />
      <input type="hidden" name="minimum" value={minimum} />
      <SubmitButton isWide busyLabel={t("price.confirming")}>
        {t("price.confirm")}
      </SubmitButton>
      {state && !state.ok ? <FieldError error={errorText(state.code, state.details)} /> : null}
    </form>
  );
}
