"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action, publicAction } from "@/lib/action";
import { endSession } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { acceptBackup, declineBackup } from "@/lib/recovery/answer-backup";

const Token = z.object({ token: z.string().regex(/^[\w-]{1,64}$/) });

/** Field `token`. Signed in with the phone that was asked. */
export const acceptBackupAction = action(Token, async (actor, { token }): Promise<undefined> => acceptBackup(actor, token) as Promise<undefined>);

/** Field `token`. Without an account too. */
export const declineBackupAction = publicAction(Token, async (visitor, { token }): Promise<undefined> => declineBackup(visitor, token) as Promise<undefined>);

/** Field `token`. Ends this session and comes back with another phone. */
export const changePhoneAction = action(Token, async (actor, { token }): Promise<undefined> => {
  await endSession(actor);
  redirect(paths.login(paths.backupRequest(token)));
});
