"use client";

import { useActionState, type ReactNode } from "react";
import { CodeStep } from "../../code-step";
import { PhoneStep } from "../../phone-step";
import type { SignInState } from "../../sign-in-state";
import { signInAndLink } from "./flow";

const START: SignInState = { sent: null, sentCount: 0, failure: null, typed: { phone: "", country: "BR" } };

/** Phone, then code, as every sign-in; the wallet that waits is shown above the phone and linked by the code. */
export function WalletPhoneForm({ next, kept }: { next: string; kept: ReactNode }) {
  const [state, submit] = useActionState(signInAndLink, START);
  return state.sent ? <CodeStep state={state} sent={state.sent} next={next} submit={submit} /> : <PhoneStep state={state} next={next} submit={submit} kept={kept} />;
}
