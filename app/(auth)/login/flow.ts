"use server";

import { isPhoneCountry, PHONE_COUNTRIES } from "@/lib/auth/rules";
import { requestCodeAction, verifyCodeAction } from "./actions";
import type { SentCode, SignInState } from "./sign-in-state";

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value.slice(0, 2000) : "";
};

/**
 * Both steps behind one form state. `intent` is the button: request (the phone form), again, change, or verify (the code form).
 * The doors of actions.ts do the work; this only keeps what the next step shows. Verify redirects when the code is right.
 */
export async function signIn(previous: SignInState, form: FormData): Promise<SignInState> {
  const intent = textOf(form, "intent");
  if (intent === "change") return { ...previous, sent: null, failure: null };
  if (intent === "verify") {
    const answer = await verifyCodeAction(null, form);
    return { ...previous, failure: answer && !answer.ok ? answer : null };
  }

  const typed = intent === "again" ? previous.typed : { phone: textOf(form, "phone"), country: textOf(form, "country") };
  const answer = await requestCodeAction(null, form);
  if (answer?.ok) return { sent: answer.value, sentCount: previous.sentCount + 1, failure: null, typed };
  const failure = answer ?? null;
  // A code is already on its way (the page was reloaded, or left and opened again): ask for that one.
  if (failure?.code === "code_resend_wait" && intent !== "again") {
    return { sent: onItsWay(typed, Number(failure.details["seconds"])), sentCount: previous.sentCount + 1, failure: null, typed };
  }
  return { ...previous, failure, typed };
}

/** The phone as the code step posts it: with its country, so that it means the same number without the picker. */
function onItsWay({ phone, country }: SignInState["typed"], resendSeconds: number): SentCode {
  const { callingCode } = PHONE_COUNTRIES.find(({ code }) => isPhoneCountry(country) && code === country) ?? PHONE_COUNTRIES[0];
  const full = phone.trim().startsWith("+") ? phone.trim() : `+${callingCode} ${phone.trim()}`;
  return { phone: full, phoneShown: full, resendSeconds: Number.isFinite(resendSeconds) ? resendSeconds : 0 };
}
