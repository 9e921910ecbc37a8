"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useConfirmedAction } from "@/app/step-up/use-confirmed-action";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { confirmDestinationAction } from "../../actions";

/** Says yes to the name on the screen. */
export function ConfirmDestination({ storeId, destinationId }: { storeId: string; destinationId: string }) {
  const t = useTranslations("payouts.destination");
  const errorText = useErrorText();
  const router = useRouter();
  const { state, submit, dialog } = useConfirmedAction(confirmDestinationAction, "payout");
  useEffect(() => {
    if (state?.ok) router.refresh();
  }, [state, router]);
  return (
    <form action={submit} className="mt-4 grid gap-2">
      {dialog}
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="destinationId" value={destinationId} />
      <SubmitButton isWide busyLabel={t("confirming")}>
        {t("confirm")}
      </SubmitButton>
      <p className="text-center text-small text-muted">{t("confirmHint")}</p>
      <FieldError error={state && !state.ok ? errorText(state.code, state.details) : undefined} />
    </form>
  );
}
