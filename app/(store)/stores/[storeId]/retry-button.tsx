"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { retryDeploymentAction } from "./actions";

export function RetryButton({ storeId, chainId }: { storeId: string; chainId: string }) {
  const t = useTranslations("store");
  const errorText = useErrorText();
  const [state, retry] = useActionState(retryDeploymentAction, null);
  return (
    <form action={retry} className="grid justify-items-end gap-1">
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="chainId" value={chainId} />
      <SubmitButton kind="soft" size="medium" busyLabel={t("retrying")}>
        {t("retry")}
      </SubmitButton>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
    </form>
  );
}
