"use client";

import { ArrowLeft, Clock, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { OtpField } from "@/components/ui/otp-field";
import type { SentCode, SignInState } from "./sign-in-state";

/** The six digits: sent by themselves when complete, read from the SMS where the browser can, and asked for again after a while. */
export function CodeStep({ state, sent, next, submit }: { state: SignInState; sent: SentCode; next: string; submit: (form: FormData) => void }) {
  const t = useTranslations("auth");
  const errorText = useErrorText();
  const form = useRef<HTMLFormElement>(null);
  const error = state.failure ? errorText(state.failure.code, state.failure.details) : undefined;
  useSmsCode(form);

  return (
    <div className="flex flex-1 flex-col">
      <form action={submit} className="-ml-3">
        <button type="submit" name="intent" value="change" aria-label={t("changeNumber")} className="grid size-11 place-items-center rounded-[14px]">
          <Icon of={ArrowLeft} size="nav" />
        </button>
      </form>
      <h1 className="mt-2 text-[2rem]/[2.375rem]">{t("codeTitle")}</h1>
      <form action={submit} className="mt-2 text-muted">
        {t("codeSentTo", { phone: sent.phoneShown })} ·{" "}
        <button type="submit" name="intent" value="change" className="-my-3 min-h-11 font-semibold text-brand-ink underline underline-offset-3">
          {t("changeNumber")}
        </button>
      </form>

      <form ref={form} action={submit} className="mt-5">
        <input type="hidden" name="intent" value="verify" />
        <input type="hidden" name="phone" value={sent.phone} />
        <input type="hidden" name="next" value={next} />
        <OtpField label={t("codeLabel")} name="code" error={error} onComplete={() => setTimeout(() => form.current?.requestSubmit())} />
        <div className="mt-5">
          <SubmitButton isWide busyLabel={t("checkingCode")}>
            {t("continue")}
          </SubmitButton>
        </div>
      </form>

      <form action={submit} className="mt-3">
        <input type="hidden" name="intent" value="again" />
        <input type="hidden" name="phone" value={sent.phone} />
        <Resend key={state.sentCount} seconds={sent.resendSeconds} />
      </form>
      <p role="status" className="sr-only">
        {state.sentCount > 1 ? t("resent") : ""}
      </p>
      <div className="mt-4">
        <Note tone="neutral" icon={<Icon of={ShieldCheck} size="nav" />}>
          {t("codeNever")}
        </Note>
      </div>
    </div>
  );
}

/** "Reenviar em 0:32", then the button. Without scripts the button is simply there and the server says how long to wait. */
function Resend({ seconds }: { seconds: number }) {
  const t = useTranslations("auth");
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const endsAt = Date.now() + seconds * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((endsAt - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [seconds]);
  if (left > 0) {
    return (
      <p role="timer" className="flex min-h-11 items-center gap-2 text-small text-muted tabular-nums">
        <Icon of={Clock} size="chip" />
        {t("resendIn", { time: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` })}
      </p>
    );
  }
  return (
    <SubmitButton kind="quiet" size="medium" busyLabel={t("sendingCode")}>
      {t("resend")}
    </SubmitButton>
  );
}

/** WebOTP: Chrome on Android offers the code of the SMS with one tap. Where it is missing, the keyboard's own suggestion does the same. */
function useSmsCode(form: React.RefObject<HTMLFormElement | null>) {
  useEffect(() => {
    if (!("OTPCredential" in window)) return;
    const abort = new AbortController();
    const options = { otp: { transport: ["sms"] }, signal: abort.signal } as CredentialRequestOptions;
    navigator.credentials
      .get(options)
      .then((credential) => {
        const code = credential && "code" in credential && typeof credential.code === "string" ? credential.code : "";
        const input = form.current?.elements.namedItem("code");
        if (!code || !(input instanceof HTMLInputElement)) return;
        // The field is React's: its own setter and an input event make the change the same as typing.
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, code);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      })
      .catch(() => undefined);
    return () => abort.abort();
  }, [form]);
}
