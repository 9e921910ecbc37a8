"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { askTillPix } from "@/lib/tillpix/ask-till-pix";
import { noteTillPhone } from "@/lib/tillpix/note-phone";
import { returnTillPix } from "@/lib/tillpix/return-till-pix";

/** Asks for the code of a charge; the till then asks where it stands. */
export const askTillPixAction = action(z.object({ storeId: z.uuid(), chargeId: z.uuid() }), async (actor, input) => {
  await askTillPix(actor, input);
});

export const noteTillPhoneAction = action(z.object({ storeId: z.uuid(), pixId: z.uuid(), phone: z.string().max(100) }), async (actor, input) => {
  await noteTillPhone(actor, input);
});

export const returnTillPixAction = action(z.object({ storeId: z.uuid(), pixId: z.uuid() }), async (actor, input) => {
  await returnTillPix(actor, input);
  revalidatePath(paths.storePix(input.storeId));
});
