"use client";

import { useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import type { ActionState } from "@/lib/action";
import { paths } from "@/lib/paths";
import { signOutOfTillAction, unshareTillAction } from "../share/actions";
import { PinPad } from "../share/pin-pad";

/** The PIN of the session's own person; without it, out of the account. */
export function LeaveForm({ storeId, name, next }: { storeId: string; name: string; next: string | null }) {
  const t = useTranslations("sharedtill.leaving");
  const errorText = useErrorText();
  const [pin, setPin] = useState("");
  const [state, end] = useActionState<ActionState, FormData>(async (previous, form) => {
    const answer = await unshareTillAction(previous, form);
    setPin("");
    return answer;
  }, null);
  const [, signOut] = useActionState(signOutOfTillAction, null);
  return (
    <div className="mt-6 grid gap-4">
      <form action={end} className="grid gap-4">
        <input type="hidden" name="storeId" value={storeId} />
        {next ? <input type="hidden" name="next" value={next} /> : null}
        <PinPad label={t("pinLabel", { name })} name="pin" pin={pin} onPin={setPin} error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
        <SubmitButton isWide busyLabel={t("ending")}>
          {t("end")}
        </SubmitButton>
      </form>
      <LinkButton kind="outline" isWide href={paths.till(storeId)}>
        {t("back")}
      </LinkButton>
      <form action={signOut} className="grid gap-2 border-t border-line pt-4 text-center">
        <input type="hidden" name="storeId" value={storeId} />
        <p className="text-small text-muted">{t("signOutText")}</p>
        <SubmitButton kind="quiet" isWide busyLabel={t("signingOut")}>
          {t("signOut")}
        </SubmitButton>
      </form>
    </div>
  );
}
