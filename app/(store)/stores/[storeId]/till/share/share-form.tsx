"use client";

import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { DEFAULT_IDLE_MINUTES, IDLE_MINUTES } from "@/lib/team/rules";
import { shareTillAction } from "./actions";

/** Which till this device is, and after how long it locks by itself. */
export function ShareForm({ storeId, tills }: { storeId: string; tills: readonly { id: string; name: string }[] }) {
  const t = useTranslations("sharedtill.share");
  const errorText = useErrorText();
  const [state, share] = useActionState(shareTillAction, null);
  return (
    <form action={share} className="mt-4 grid gap-4">
      <input type="hidden" name="storeId" value={storeId} />
      {tills.length > 0 ? <Select label={t("till")} name="tillId" defaultValue={tills[0]?.id ?? ""} options={[...tills.map(({ id, name }) => ({ value: id, label: name })), { value: "", label: t("noTill") }]} /> : null}
      <Select label={t("idle")} name="idleMinutes" defaultValue={String(DEFAULT_IDLE_MINUTES)} options={IDLE_MINUTES.map((minutes) => ({ value: String(minutes), label: t("minutes", { count: minutes }) }))} />
      <SubmitButton busyLabel={t("starting")}>{t("start")}</SubmitButton>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
    </form>
  );
}
