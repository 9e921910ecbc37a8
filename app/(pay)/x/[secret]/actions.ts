"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, publicAction } from "@/lib/action";
import { paths } from "@/lib/paths";
import { claimTillReward } from "@/lib/tillpix/claim-reward";
import { noteReceiptPhone } from "@/lib/tillpix/note-phone";

export const claimRewardAction = action(z.object({ secret: z.string().max(50) }), async (actor, { secret }) => {
  await claimTillReward(actor, secret);
  revalidatePath(paths.pixReceipt(secret));
});

export const noteReceiptPhoneAction = publicAction(z.object({ secret: z.string().max(50), phone: z.string().max(100) }), async (visitor, input) => {
  await noteReceiptPhone(visitor, input);
  revalidatePath(paths.pixReceipt(input.secret));
});
