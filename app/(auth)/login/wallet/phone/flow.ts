"use server";

import { signIn } from "../../flow";
import type { SignInState } from "../../sign-in-state";
import { verifyCodeAndLinkAction } from "../actions";

/** The sign-in's own steps, but for the last: the code also links the wallet that waits. */
export async function signInAndLink(previous: SignInState, form: FormData): Promise<SignInState> {
  if (form.get("intent") !== "verify") return signIn(previous, form);
  const answer = await verifyCodeAndLinkAction(null, form);
  return { ...previous, failure: answer && !answer.ok ? answer : null };
}
