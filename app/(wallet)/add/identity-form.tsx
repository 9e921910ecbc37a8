"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useActionState, useEffect } from "react";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { requestIdentityAction } from "./actions";

/** Asks for the partner's link. */
export function IdentityForm({ label }: { label: string }) {
  const t = useTranslations("topups");
  const errorText = useErrorText();
  const router = useRouter();
  const [state, submit] = useActionState(requestIdentityAction, null);
  useEffect(() => {
    if (state?.ok) router.refresh();
  }, [state, router]);
  return (
    <form action={submit} className="grid gap-2">
      <SubmitButton isWide busyLabel={t("identity.starting")}>
        {label}
      </SubmitButton>
      {state?.ok ? <RefreshUntilReady /> : null}
      {state && !state.ok ? <FieldError error={errorText(state.code, state.details)} /> : null}
    </form>
  );
}
