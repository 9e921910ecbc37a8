"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { paths } from "@/lib/paths";
import { acceptInvitationAction, declineInvitationAction, switchPhoneAction } from "./actions";

/** Yes with the very phone that was invited, no from anywhere. */
export function AnswerForm({ token, phoneEnd, visitor }: { token: string; phoneEnd: string; visitor: "stranger" | "other" | "invited" }) {
  const t = useTranslations("invitations");
  const errorText = useErrorText();
  const [accepted, accept] = useActionState(acceptInvitationAction, null);
  const [declined, decline] = useActionState(declineInvitationAction, null);
  const [, switchPhone] = useActionState(switchPhoneAction, null);
  if (declined?.ok) {
    return (
      <div className="mt-6">
        <Note tone="neutral" isLive>
          {t("declinedDone")}
        </Note>
      </div>
    );
  }
  const failure = [accepted, declined].find((state) => state?.ok === false);
  return (
    <div className="mt-6 grid gap-3">
      {visitor === "stranger" ? <p>{t("signInText", { end: phoneEnd })}</p> : null}
      {visitor === "other" ? <Note tone="caution">{t("other", { end: phoneEnd })}</Note> : null}
      {visitor === "stranger" ? (
        <LinkButton href={paths.login(paths.invitation(token))} isWide>
          {t("signIn")}
        </LinkButton>
      ) : (
        <form action={visitor === "invited" ? accept : switchPhone}>
          <input type="hidden" name="token" value={token} />
          <SubmitButton isWide busyLabel={t(visitor === "invited" ? "accepting" : "switching")}>
            {t(visitor === "invited" ? "accept" : "switch")}
          </SubmitButton>
        </form>
      )}
      <form action={decline}>
        <input type="hidden" name="token" value={token} />
        <SubmitButton kind="quiet" isWide busyLabel={t("declining")}>
          {t("decline")}
        </SubmitButton>
      </form>
      <FieldError error={failure?.ok === false ? errorText(failure.code, failure.details) : undefined} />
    </div>
  );
}
