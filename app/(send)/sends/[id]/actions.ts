"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { cancelSend } from "@/lib/transfers/cancel-send";
import { claimSend } from "@/lib/transfers/claim-send";
import { releaseSend } from "@/lib/transfers/release-send";

const Send = z.object({ id: z.uuid() });

/** Field `id`. Takes what waits for this person's phone, and goes to it. */
export const claimSendAction = action(Send, async (actor, { id }): Promise<undefined> => {
  await claimSend(actor, id);
  redirect(paths.sent(id));
});

/** Field `id`. Takes back what nobody has yet. */
export const cancelSendAction = action(Send, async (actor, { id }): Promise<undefined> => {
  await cancelSend(actor, id);
  revalidatePath(paths.sent(id));
});

/** Field `id`. A sender who alone signs lets it go; the touch follows on the same page. */
export const releaseSendAction = action(Send, async (actor, { id }): Promise<undefined> => {
  await releaseSend(actor, id);
  revalidatePath(paths.sent(id));
});
