"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { acceptMyInvitationAction, declineMyInvitationAction } from "./actions";

/** Yes or no to an invitation of the own list. */
export function AnswerInvitation({ invitationId, storeName }: { invitationId: string; storeName: string }) {
  const t = useTranslations("invitations");
  const errorText = useErrorText();
  const [accepted, accept] = useActionState(acceptMyInvitationAction, null);
  const [declined, decline] = useActionState(declineMyInvitationAction, null);
  const failure = [accepted, declined].find((state) => state?.ok === false);
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap gap-2">
        <form action={accept}>
          <input type="hidden" name="invitationId" value={invitationId} />
          <SubmitButton size="medium" busyLabel={t("accepting")} aria-label={`${t("accept")}: ${storeName}`}>
            {t("accept")}
          </SubmitButton>
        </form>
        <form action={decline}>
          <input type="hidden" name="invitationId" value={invitationId} />
          <SubmitButton kind="quiet" size="medium" busyLabel={t("declining")} aria-label={`${t("decline")}: ${storeName}`}>
            {t("decline")}
          </SubmitButton>
        </form>
      </div>
      <FieldError error={failure?.ok === false ? errorText(failure.code, failure.details) : undefined} />
    </div>
  );
}
