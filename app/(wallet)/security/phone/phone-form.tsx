"use client";

import { useLocale, useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { OtpField } from "@/components/ui/otp-field";
import { Select } from "@/components/ui/select";
import type { ActionState } from "@/lib/action";
import { DEFAULT_PHONE_COUNTRY, PHONE_COUNTRIES } from "@/lib/auth/rules";
import { formatDateTime } from "@/lib/money-format";
import { changePhoneAction, sendNewPhoneCodeAction, sendPresentPhoneCodeAction } from "./actions";

type Failed = Extract<ActionState, { ok: false }>;

/** What has been given so far: nothing, the phone, its code too; and how it ended. */
type Step =
  | { name: "phone" }
  | { name: "code"; shown: string }
  | { name: "choose"; code: string }
  | { name: "present"; code: string; shown: string }
  | { name: "end"; readyAt: string | null };

/**
 * The new phone and its code; then a signature changes it at once, or a code of the present phone in three days. Both codes are proven
 * together with the change, so nothing is left half done.
 */
export function PhoneForm({ canSign }: { canSign: boolean }) {
  const t = useTranslations("security");
  const auth = useTranslations("auth");
  const locale = useLocale();
  const errorText = useErrorText();
  const { ask, dialog } = useStepUp();
  const [step, setStep] = useState<Step>({ name: "phone" });
  const [typed, setTyped] = useState<{ phone: string; country: string }>({ phone: "", country: DEFAULT_PHONE_COUNTRY });
  const [error, setError] = useState<string>();
  // Not a transition: React would hold back what the dialog shows until the whole change is done.
  const [isBusy, setBusy] = useState(false);

  const fail = (failed: Failed) => setError(errorText(failed.code, failed.details));
  const run = async (work: () => Promise<void>) => {
    setError(undefined);
    setBusy(true);
    await work().finally(() => setBusy(false));
  };
  const submit = (work: (form: FormData) => Promise<void>) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void run(() => work(form));
  };

  const sendToNew = async (form: FormData) => {
    const fields = { phone: textOf(form, "phone"), country: textOf(form, "country") };
    setTyped(fields);
    const answer = await sendNewPhoneCodeAction(null, form);
    if (answer?.ok) setStep({ name: "code", shown: answer.value.phoneShown });
    // A code is on its way already: ask for that one.
    else if (answer?.code === "code_resend_wait") setStep({ name: "code", shown: fields.phone });
    else if (answer) fail(answer);
  };
  const sendToPresent = async (code: string) => {
    const answer = await sendPresentPhoneCodeAction(null, new FormData());
    if (answer?.ok) setStep({ name: "present", code, shown: answer.value.phoneShown });
    else if (answer) fail(answer);
  };
  const change = async (code: string, presentCode?: string) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...typed, code, ...(presentCode ? { presentCode } : {}) })) form.set(name, value);
    const answer = await changePhoneAction(null, form);
    if (answer?.ok) setStep({ name: "end", readyAt: answer.value.readyAt });
    else if (answer?.code === "step_up_required") setStep({ name: "choose", code });
    else if (answer) fail(answer);
  };
  const sign = async (code: string) => {
    if (await ask("phone_change")) await change(code);
  };

  if (step.name === "end")
    return (
      <Note tone="positive" isLive>
        {step.readyAt ? t("phoneAsked", { when: formatDateTime(new Date(step.readyAt), locale) }) : t("phoneDone", { phone: typed.phone })}
      </Note>
    );
  if (step.name === "phone")
    return (
      <form onSubmit={submit(sendToNew)} className="grid gap-4">
        <Select label={auth("countryLabel")} name="country" defaultValue={typed.country} options={PHONE_COUNTRIES.map(({ code, callingCode }) => ({ value: code, label: `${auth(`countries.${code}`)} +${callingCode}` }))} />
        <Field label={t("phoneNew")} name="phone" type="tel" inputMode="tel" autoComplete="off" required maxLength={40} defaultValue={typed.phone} key={typed.phone} error={error} />
        <Button type="submit" isWide busy={isBusy && t("phoneSending")}>
          {t("phoneSend")}
        </Button>
      </form>
    );
  const again = (
    <Button kind="quiet" isWide onClick={() => setStep({ name: "phone" })}>
      {t("phoneOther")}
    </Button>
  );
  if (step.name === "choose")
    return (
      <div className="grid gap-3">
        <p>{t("phoneChoose")}</p>
        {canSign ? (
          <div className="grid gap-1.5">
            <Button isWide busy={isBusy && t("phoneConfirming")} onClick={() => void run(() => sign(step.code))}>
              {t("phoneBySignature")}
            </Button>
            <p className="text-small text-muted">{t("phoneBySignatureText")}</p>
          </div>
        ) : null}
        <div className="grid gap-1.5">
          <Button isWide kind={canSign ? "outline" : "primary"} busy={isBusy && t("phoneSending")} onClick={() => void run(() => sendToPresent(step.code))}>
            {t("phoneByCode")}
          </Button>
          <p className="text-small text-muted">{t("phoneByCodeText")}</p>
        </div>
        <FieldError error={error} />
        {again}
        {dialog}
      </div>
    );
  return (
    <form key={step.name} onSubmit={submit((form) => (step.name === "code" ? change(textOf(form, "code")) : change(step.code, textOf(form, "code"))))} className="grid gap-4">
      <p className="text-muted">{t(step.name === "code" ? "phoneCodeNew" : "phoneCodePresent", { phone: step.shown })}</p>
      <OtpField label={auth("codeLabel")} name="code" error={error} />
      <Button type="submit" isWide busy={isBusy && t("phoneConfirming")}>
        {t(step.name === "code" ? "phoneConfirm" : "phoneByCodeAsk")}
      </Button>
      {again}
    </form>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
