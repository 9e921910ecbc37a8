"use server";

import type { Route } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action, publicAction } from "@/lib/action";
import { jsonField } from "@/lib/auth/passkeys/json-field";
import { passkeySignal } from "@/lib/auth/passkeys/queries";
import { DerivedProof, PasskeyAnswer, type PasskeyRequest, type PasskeySignal } from "@/lib/auth/passkeys/rules";
import { passkeySignInRequest } from "@/lib/auth/passkeys/sign-in-by-passkey";
import { renamePerson } from "@/lib/auth/rename-person";
import { DEFAULT_PHONE_COUNTRY } from "@/lib/auth/rules";
import { sendSignInCode } from "@/lib/auth/send-sign-in-code";
import { endSession, startPasskeySession, startSession } from "@/lib/auth/session";
import { paths, safeNext } from "@/lib/paths";

/** What the code step shows: where the code went, and when another may be asked for. */
export type CodeRequested = { phone: string; phoneShown: string; resendSeconds: number };

const RequestCode = z.object({ phone: z.string().max(40), country: z.string().max(2).default(DEFAULT_PHONE_COUNTRY) });

/** Fields `phone` and `country`. Sends a code, also again. */
export const requestCodeAction = publicAction(RequestCode, (visitor, input): Promise<CodeRequested> => sendSignInCode(visitor, input));

const VerifyCode = z.object({ phone: z.string().max(40), code: z.string().max(40), next: z.string().max(2000).optional() });

/** Fields `phone` (as `requestCodeAction` gave it), `code` and `next`. Signs in and goes on: to the name step when there is none yet. */
export const verifyCodeAction = publicAction(VerifyCode, async (visitor, { next, ...input }): Promise<undefined> => {
  const { name } = await startSession(visitor, input);
  redirect(name ? safeNext(next) : paths.loginName(safeNext(next)));
});

/** What the page asks the browser for, before anybody is known. */
export const passkeySignInRequestAction = publicAction(z.object({}), (): Promise<PasskeyRequest> => passkeySignInRequest());

const SignInByPasskey = z.object({ answer: jsonField(PasskeyAnswer), derived: jsonField(DerivedProof.nullable()), next: z.string().max(2000).optional() });

/** Fields `answer`, `derived` and `next`. Signs in, and answers where to go and what to tell the browser of its passkeys. */
export const signInByPasskeyAction = publicAction(SignInByPasskey, async (visitor, { next, ...input }): Promise<{ href: Route; signal: PasskeySignal }> => {
  const { userId, name } = await startPasskeySession(visitor, input);
  return { href: name ? safeNext(next) : paths.loginName(safeNext(next)), signal: await passkeySignal(userId) };
});

const SetName = z.object({ name: z.string().max(1000), next: z.string().max(2000).optional() });

/** Fields `name` and `next`. */
export const setNameAction = action(SetName, async (actor, { name, next }): Promise<undefined> => {
  await renamePerson(actor, name);
  redirect(safeNext(next));
});

/** Ends this session at once, on every web process. */
export const signOutAction = action(z.object({}), async (actor): Promise<undefined> => {
  await endSession(actor);
  redirect(paths.login());
}, { atSharedTill: true });
