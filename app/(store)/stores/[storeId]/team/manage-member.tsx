"use client";

import { Ellipsis } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import type { ButtonKind } from "@/components/ui/button-style";
import { Dialog } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";
import type { ActionState } from "@/lib/action";
import type { InvitedRole } from "@/lib/team/rules";
import { changeRoleAction, handOverAction, removeMemberAction, unlockPinAction } from "./actions";
import { useTeamAction } from "./use-team-action";

/** What the reader may do to this member, by the permission table. */
export type MemberActs = { newRole: InvitedRole | null; unlocksPin: boolean; handsOver: boolean; removes: boolean };

const RUNS = { role: changeRoleAction, unlock: unlockPinAction, handOver: handOverAction, remove: removeMemberAction } as const;
type Act = keyof typeof RUNS;

/** The dialog may step aside for a confirmation, so its forms share one action that outlives them. */
const run = (previous: ActionState, form: FormData): Promise<ActionState> => RUNS[form.get("act") as Act](previous, form);

/** One member's dialog: what may be changed, and a second look before what can't be taken back. */
export function ManageMember({ storeId, userId, name, line, acts }: { storeId: string; userId: string; name: string; line: string; acts: MemberActs }) {
  const t = useTranslations("team");
  const errorText = useErrorText();
  const [isOpen, setOpen] = useState(false);
  const [step, setStep] = useState<"menu" | "remove" | "handOver">("menu");
  const close = () => {
    setOpen(false);
    setStep("menu");
  };
  const { state, submit, dialog, isAsking } = useTeamAction(run, close);
  const title = step === "menu" ? t("manageTitle", { name }) : t(step === "remove" ? "removeTitle" : "handOverTitle", { name });
  const lead = step === "menu" ? line : t(step === "remove" ? "removeText" : "handOverText", { name });
  const fields = { storeId, userId };
  return (
    <>
      <IconButton aria-label={t("manage", { name })} onClick={() => setOpen(true)}>
        <Icon of={Ellipsis} size="nav" />
      </IconButton>
      <Dialog title={title} lead={lead} isOpen={isOpen && !isAsking} onOpenChange={(open) => (open ? setOpen(true) : close())}>
        <div className="grid gap-2">
          {step === "menu" ? (
            <>
              {acts.newRole ? <ActForm act="role" fields={{ ...fields, role: acts.newRole }} submit={submit} label={t(acts.newRole === "admin" ? "makeAdmin" : "makeStaff")} busyLabel={t("changing")} kind="soft" /> : null}
              {acts.unlocksPin ? <ActForm act="unlock" fields={fields} submit={submit} label={t("unlockPin")} busyLabel={t("unlocking")} kind="soft" /> : null}
              {acts.handsOver ? (
                <Button kind="outline" isWide onClick={() => setStep("handOver")}>
                  {t("handOver")}
                </Button>
              ) : null}
              {acts.removes ? (
                <Button kind="outline" isWide onClick={() => setStep("remove")}>
                  {t("remove")}
                </Button>
              ) : null}
            </>
          ) : (
            <>
              {step === "remove" ? (
                <ActForm act="remove" fields={fields} submit={submit} label={t("removeSure")} busyLabel={t("removing")} kind="danger" />
              ) : (
                <ActForm act="handOver" fields={fields} submit={submit} label={t("handOverSure")} busyLabel={t("handingOver")} kind="danger" />
              )}
              <Button kind="quiet" isWide onClick={() => setStep("menu")}>
                {t("cancelForm")}
              </Button>
            </>
          )}
          <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
        </div>
      </Dialog>
      {dialog}
    </>
  );
}

function ActForm({ act, fields, submit, label, busyLabel, kind }: { act: Act; fields: Record<string, string>; submit: (form: FormData) => void; label: string; busyLabel: string; kind: ButtonKind }) {
  return (
    <form action={submit}>
      <input type="hidden" name="act" value={act} />
      {Object.entries(fields).map(([field, value]) => (
        <input key={field} type="hidden" name={field} value={value} />
      ))}
      <SubmitButton kind={kind} isWide busyLabel={busyLabel}>
        {label}
      </SubmitButton>
    </form>
  );
}
