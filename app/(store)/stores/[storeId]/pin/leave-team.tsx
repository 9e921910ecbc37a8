"use client";

import { useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { leaveTeamAction } from "./actions";

/** Leaving, with a second look. */
export function LeaveTeam({ storeId, storeName }: { storeId: string; storeName: string }) {
  const t = useTranslations("seats");
  const errorText = useErrorText();
  const [state, leave] = useActionState(leaveTeamAction, null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind="outline" onClick={() => setOpen(true)}>
        {t("leave")}
      </Button>
      <Dialog title={t("leaveSure", { store: storeName })} lead={t("leaveText")} isOpen={isOpen} onOpenChange={setOpen}>
        <form action={leave} className="grid gap-2">
          <input type="hidden" name="storeId" value={storeId} />
          <SubmitButton kind="danger" isWide busyLabel={t("leaving")}>
            {t("leave")}
          </SubmitButton>
          <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
        </form>
      </Dialog>
    </>
  );
}
