"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { acceptInvitation, declineInvitation } from "@/lib/team/answer-invitation";

const Invitation = z.object({ invitationId: z.uuid() });

/** Field `invitationId`, for the very phone that is signed in; leads to the store. */
export const acceptMyInvitationAction = action(Invitation, async (actor, { invitationId }): Promise<undefined> => {
  const { storeId } = await acceptInvitation(actor, { invitationId });
  redirect(paths.store(storeId));
});

/** Field `invitationId`. */
export const declineMyInvitationAction = action(Invitation, async (actor, { invitationId }): Promise<undefined> => {
  await declineInvitation(actor, { invitationId });
  revalidatePath(paths.stores());
});
