"use client";

import { useTranslations } from "next-intl";
import { useActionState, useEffect, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { returnTillPixAction } from "./actions";

/** The owner says that a second payment was given back by hand. */
export function ReturnDialog({ storeId, pixId, amount }: { storeId: string; pixId: string; amount: string }) {
  const t = useTranslations("tillpix.store");
  const errorText = useErrorText();
  const [isOpen, setOpen] = useState(false);
  const [state, submit] = useActionState(returnTillPixAction, null);
  useEffect(() => {
    if (state?.ok) setOpen(false);
  }, [state]);
  return (
    <Dialog
      title={t("returnTitle")}
      lead={t("returnSure", { amount })}
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <button type="button" className="inline-flex min-h-11 items-center px-1 font-semibold text-brand-ink underline md:min-h-8">
          {t("returned")}
        </button>
      }
    >
      <form action={submit} className="grid gap-3 pb-5 md:pb-0">
        <input type="hidden" name="storeId" value={storeId} />
        <input type="hidden" name="pixId" value={pixId} />
        <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
        <SubmitButton isWide busyLabel={t("returning")}>
          {t("returned")}
        </SubmitButton>
      </form>
    </Dialog>
  );
}
