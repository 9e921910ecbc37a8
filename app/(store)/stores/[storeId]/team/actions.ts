"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { DEFAULT_PHONE_COUNTRY } from "@/lib/auth/rules";
import { paths } from "@/lib/paths";
import { changeRole, handOverStore, removeMember } from "@/lib/team/change-member";
import { cancelInvitation, inviteMember, resendInvitation } from "@/lib/team/invite-member";
import { unlockPin } from "@/lib/team/set-pin";
import { INVITED_ROLES } from "@/lib/team/rules";

const Invite = z.object({ storeId: z.uuid(), phone: z.string().max(40), country: z.string().max(2).default(DEFAULT_PHONE_COUNTRY), role: z.enum(INVITED_ROLES) });
const Invitation = z.object({ storeId: z.uuid(), invitationId: z.uuid() });
const Member = z.object({ storeId: z.uuid(), userId: z.uuid() });

/** Fields `phone`, `country` and `role`. */
export const inviteMemberAction = action(Invite, async (actor, input): Promise<{ phoneShown: string; isAgain: boolean }> => {
  const sent = await inviteMember(actor, input);
  revalidatePath(paths.storeTeam(input.storeId));
  return sent;
});

/** Field `invitationId`. */
export const resendInvitationAction = action(Invitation, async (actor, input): Promise<undefined> => {
  await resendInvitation(actor, input);
  revalidatePath(paths.storeTeam(input.storeId));
});

/** Field `invitationId`. */
export const cancelInvitationAction = action(Invitation, async (actor, input): Promise<undefined> => {
  await cancelInvitation(actor, input);
  revalidatePath(paths.storeTeam(input.storeId));
});

/** Fields `userId` and `role`. */
export const changeRoleAction = action(Member.extend({ role: z.enum(INVITED_ROLES) }), async (actor, input): Promise<undefined> => {
  await changeRole(actor, input);
  revalidatePath(paths.storeTeam(input.storeId));
});

/** Field `userId`. */
export const removeMemberAction = action(Member, async (actor, input): Promise<undefined> => {
  await removeMember(actor, input);
  revalidatePath(paths.storeTeam(input.storeId));
});

/** Field `userId`, who becomes the owner. */
export const handOverAction = action(Member, async (actor, input): Promise<undefined> => {
  await handOverStore(actor, input);
  revalidatePath(paths.storeTeam(input.storeId));
});

/** Field `userId`, whose PIN was locked by wrong tries. */
export const unlockPinAction = action(Member, async (actor, input): Promise<undefined> => {
  await unlockPin(actor, input);
  revalidatePath(paths.storeTeam(input.storeId));
});
