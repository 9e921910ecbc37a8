"use client";

import { Snowflake } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import type { ButtonKind, ButtonSize } from "@/components/ui/button-style";
import { Dialog } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { freezeAction } from "./actions";

/** Freezes the account after one question: what stops, and how it starts again. */
export function FreezeButton({ label, kind = "outline", size = "medium", isWide }: { label: string; kind?: ButtonKind; size?: ButtonSize; isWide?: boolean }) {
  const t = useTranslations("security");
  const errorText = useErrorText();
  const [state, submit] = useActionState(freezeAction, null);
  return (
    <Dialog
      title={t("freezeTitle")}
      lead={t("freezeText")}
      trigger={
        <Button kind={kind} size={size} isWide={isWide}>
          {label}
        </Button>
      }
      actions={
        <form action={submit} className="grid gap-2">
          <SubmitButton kind="danger" isWide icon={<Icon of={Snowflake} />} busyLabel={t("freezing")}>
            {t("freeze")}
          </SubmitButton>
          <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
        </form>
      }
    />
  );
}
