"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { paths } from "@/lib/paths";
import { acceptBackupAction, changePhoneAction, declineBackupAction } from "./actions";

/** Who stands before the invitation: nobody signed in, another phone, or the one that was asked. */
export type Visitor = "stranger" | "other" | "asked";

/** Yes with that very phone, no from anywhere. */
export function AnswerForm({ token, name, phoneEnd, visitor }: { token: string; name: string; phoneEnd: string; visitor: Visitor }) {
  const t = useTranslations("recovery");
  const errorText = useErrorText();
  const [accepted, accept] = useActionState(acceptBackupAction, null);
  const [declined, decline] = useActionState(declineBackupAction, null);
  const [, changePhone] = useActionState(changePhoneAction, null);
  if (accepted?.ok || declined?.ok) {
    return (
      <div className="mt-6 grid gap-4">
        <Note tone={accepted?.ok ? "positive" : "neutral"} isLive>
          <b>{t("doneTitle")}.</b> {accepted?.ok ? t("doneAccepted", { name }) : t("doneDeclined")}
        </Note>
        {accepted?.ok ? (
          <LinkButton href={paths.recovery()} kind="outline" isWide>
            {t("title")}
          </LinkButton>
        ) : null}
      </div>
    );
  }
  const failure = [accepted, declined].find((state) => state?.ok === false);
  return (
    <div className="mt-6 grid gap-3">
      {visitor === "stranger" ? <p>{t("inviteSignIn", { end: phoneEnd })}</p> : null}
      {visitor === "other" ? <Note tone="caution">{t("inviteOther", { end: phoneEnd })}</Note> : null}
      {visitor === "stranger" ? (
        <LinkButton href={paths.login(paths.backupRequest(token))} isWide>
          {t("inviteSignInAction")}
        </LinkButton>
      ) : (
        <form action={visitor === "asked" ? accept : changePhone}>
          <input type="hidden" name="token" value={token} />
          <SubmitButton isWide busyLabel={t(visitor === "asked" ? "accepting" : "withdrawing")}>
            {t(visitor === "asked" ? "accept" : "inviteOtherAction")}
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
