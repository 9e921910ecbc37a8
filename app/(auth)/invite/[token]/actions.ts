"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action, publicAction } from "@/lib/action";
import { endSession } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { acceptInvitation, declineInvitation } from "@/lib/team/answer-invitation";

const Token = z.object({ token: z.string().regex(/^[\w-]{1,64}$/) });

/** Field `token`. Signed in with the phone that was invited; leads to the store. */
export const acceptInvitationAction = action(Token, async (actor, { token }): Promise<undefined> => {
  const { storeId } = await acceptInvitation(actor, { token });
  redirect(paths.store(storeId));
});

/** Field `token`. Without an account too. */
export const declineInvitationAction = publicAction(Token, async (visitor, { token }): Promise<undefined> => declineInvitation(visitor, { token }) as Promise<undefined>);

/** Field `token`. Ends this session and comes back with another phone. */
export const switchPhoneAction = action(Token, async (actor, { token }): Promise<undefined> => {
  await endSession(actor);
  redirect(paths.login(paths.invitation(token)));
});
