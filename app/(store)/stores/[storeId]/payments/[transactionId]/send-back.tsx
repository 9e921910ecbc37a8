"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useActionState, useEffect } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { sendBackAction } from "./actions";

/** One tap for money that came past our pages: what goes back was shown above. */
export function SendBack({ storeId, transactionId, label }: { storeId: string; transactionId: string; label: string }) {
  const t = useTranslations("guest.atStore");
  const errorText = useErrorText();
  const router = useRouter();
  const [state, submit] = useActionState(sendBackAction, null);
  const isDone = state?.ok === true;
  useEffect(() => {
    if (isDone) router.refresh();
  }, [isDone, router]);
  return (
    <form action={submit} className="mt-4 grid gap-2">
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="transactionId" value={transactionId} />
      <SubmitButton isWide busyLabel={t("sending")}>
        {label}
      </SubmitButton>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
    </form>
  );
}
