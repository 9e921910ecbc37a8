"use client";

import { Clock, UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Select } from "@/components/ui/select";
import { DEFAULT_PHONE_COUNTRY, PHONE_COUNTRIES } from "@/lib/auth/rules";
import type { InvitedRole } from "@/lib/team/rules";
import { inviteMemberAction } from "./actions";
import { useTeamAction } from "./use-team-action";

/** "Convidar": whose phone, as what. Roles that the own role may not give are absent. */
export function InviteMember({ storeId, roles }: { storeId: string; roles: readonly InvitedRole[] }) {
  const t = useTranslations("team");
  const names = useTranslations("store.roles");
  const auth = useTranslations("auth");
  const errorText = useErrorText();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState<{ phone: string; country: string; role: InvitedRole }>({ phone: "", country: DEFAULT_PHONE_COUNTRY, role: "staff" });
  const { state, submit, dialog, isAsking } = useTeamAction(inviteMemberAction, ({ phoneShown, isAgain }) => {
    setOpen(false);
    setTyped((now) => ({ ...now, phone: "" }));
    toast(t(isAgain ? "inviteSentAgain" : "inviteSent", { phone: phoneShown }));
  });
  const failure = state?.ok === false ? errorText(state.code, state.details) : undefined;
  const isAboutPhone = state?.ok === false && ["phone_invalid", "phone_country_unsupported", "member_already"].includes(state.code);
  const example = PHONE_COUNTRIES.find(({ code }) => code === typed.country)?.example ?? PHONE_COUNTRIES[0].example;

  return (
    <>
      <Button size="medium" icon={<Icon of={UserPlus} />} onClick={() => setOpen(true)}>
        {t("invite")}
      </Button>
      <Dialog title={t("inviteTitle")} isOpen={isOpen && !isAsking} onOpenChange={setOpen}>
        <form action={submit} className="grid gap-4">
          <input type="hidden" name="storeId" value={storeId} />
          <Select
            label={auth("countryLabel")}
            name="country"
            value={typed.country}
            onChange={(event) => setTyped({ ...typed, country: event.target.value })}
            autoComplete="off"
            options={PHONE_COUNTRIES.map(({ code, callingCode }) => ({ value: code, label: `${auth(`countries.${code}`)} +${callingCode}` }))}
          />
          <Field
            label={t("phoneLabel")}
            name="phone"
            type="tel"
            inputMode="tel"
            autoComplete="off"
            required
            maxLength={40}
            placeholder={example}
            value={typed.phone}
            onChange={(event) => setTyped({ ...typed, phone: event.target.value })}
            error={isAboutPhone ? failure : undefined}
          />
          <fieldset className="grid gap-2">
            <legend className="mb-1.5 text-label">{t("roleLabel")}</legend>
            {roles.map((role) => (
              <div key={role} className="relative flex gap-3 rounded-control p-4 shadow-[inset_0_0_0_1.5px_var(--color-line)] has-checked:bg-brand-soft has-checked:shadow-[inset_0_0_0_2.5px_var(--color-brand-ink)] has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus">
                <input id={`role-${role}`} type="radio" name="role" value={role} checked={typed.role === role} onChange={() => setTyped({ ...typed, role })} aria-describedby={`role-${role}-line`} className="relative z-[1] mt-0.5 size-5 flex-none accent-brand outline-none" />
                <span className="min-w-0">
                  <label htmlFor={`role-${role}`} className="block cursor-pointer font-semibold before:absolute before:inset-0">
                    {names(role)}
                  </label>
                  <span id={`role-${role}-line`} className="block text-small text-muted">
                    {t(`roleLines.${role}`)}
                  </span>
                </span>
              </div>
            ))}
          </fieldset>
          <p className="flex items-center gap-2 text-small text-muted">
            <Icon of={Clock} size="chip" />
            {t("inviteHint")}
          </p>
          <FieldError error={isAboutPhone ? undefined : failure} />
          <div className="grid gap-2 md:grid-cols-[auto_1fr]">
            <Button kind="outline" onClick={() => setOpen(false)}>
              {t("cancelForm")}
            </Button>
            <SubmitButton busyLabel={t("inviteSending")}>{t("inviteSend")}</SubmitButton>
          </div>
        </form>
      </Dialog>
      {dialog}
    </>
  );
}
