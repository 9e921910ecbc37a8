"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { leaveTeam } from "@/lib/team/change-member";
import { setPin } from "@/lib/team/set-pin";

/** Field `pin`. */
export const setPinAction = action(z.object({ storeId: z.uuid(), pin: z.string().max(20) }), async (actor, input): Promise<undefined> => {
  await setPin(actor, input);
  revalidatePath(paths.storePin(input.storeId));
});

/** Leaves the team, and with it the store's pages. */
export const leaveTeamAction = action(z.object({ storeId: z.uuid() }), async (actor, input): Promise<undefined> => {
  await leaveTeam(actor, input);
  redirect(paths.storeList());
});
