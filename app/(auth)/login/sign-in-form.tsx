"use client";

import { useActionState } from "react";
import type { ReactNode } from "react";
import { CodeStep } from "./code-step";
import { signIn } from "./flow";
import { PhoneStep } from "./phone-step";
import type { SignInState } from "./sign-in-state";

const START: SignInState = { sent: null, sentCount: 0, failure: null, typed: { phone: "", country: "BR" } };

/** Phone, then code. `kept` is what waits behind the sign-in, such as a payment; `next` is where it leads. */
export function SignInForm({ next, kept }: { next: string; kept?: ReactNode }) {
  const [state, submit] = useActionState(signIn, START);
  return state.sent ? <CodeStep state={state} sent={state.sent} next={next} submit={submit} /> : <PhoneStep state={state} next={next} submit={submit} kept={kept} />;
}
