"use client";

import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { cancelInvitationAction, resendInvitationAction } from "./actions";
import { useTeamAction } from "./use-team-action";

/** Another message, or taking the invitation back. */
export function InvitationActions({ storeId, invitationId, phone }: { storeId: string; invitationId: string; phone: string }) {
  const t = useTranslations("team");
  const errorText = useErrorText();
  const again = useTeamAction(resendInvitationAction, () => toast(t("inviteSentAgain", { phone })));
  const cancel = useTeamAction(cancelInvitationAction, () => toast(t("cancelledDone")));
  const failure = [again.state, cancel.state].find((state) => state?.ok === false);
  const fields = (
    <>
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="invitationId" value={invitationId} />
    </>
  );
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap gap-2">
        <form action={again.submit}>
          {fields}
          <SubmitButton kind="soft" size="medium" busyLabel={t("resending")} aria-label={t("resendTo", { phone })}>
            {t("resend")}
          </SubmitButton>
        </form>
        <form action={cancel.submit}>
          {fields}
          <SubmitButton kind="quiet" size="medium" busyLabel={t("cancelling")} aria-label={t("cancelOf", { phone })}>
            {t("cancel")}
          </SubmitButton>
        </form>
      </div>
      <FieldError error={failure?.ok === false ? errorText(failure.code, failure.details) : undefined} />
      {again.dialog}
    </div>
  );
}
