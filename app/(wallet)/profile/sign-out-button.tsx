"use client";

import { LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { signOutAction } from "@/app/(auth)/login/actions";
import { SubmitButton } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";

export function SignOutButton() {
  const t = useTranslations("wallet");
  const [, submit] = useActionState(signOutAction, null);
  return (
    <form action={submit}>
      <SubmitButton kind="outline" isWide icon={<Icon of={LogOut} />} busyLabel={t("signingOut")}>
        {t("signOut")}
      </SubmitButton>
    </form>
  );
}
