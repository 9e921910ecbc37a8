"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { DEFAULT_PHONE_COUNTRY } from "@/lib/auth/rules";
import { paths } from "@/lib/paths";
import { askBackup } from "@/lib/recovery/ask-backup";
import { claimStores } from "@/lib/recovery/claim-stores";
import { removeBackup, withdrawAsBackup } from "@/lib/recovery/remove-backup";

/** Fields `phone` and `country`. */
export const askBackupAction = action(z.object({ phone: z.string().max(40), country: z.string().max(2).default(DEFAULT_PHONE_COUNTRY) }), async (actor, input): Promise<undefined> => {
  await askBackup(actor, input);
  revalidatePath(paths.recovery());
});

/** Takes back the backup or the invitation. */
export const removeBackupAction = action(z.object({}), async (actor): Promise<undefined> => {
  await removeBackup(actor);
  revalidatePath(paths.recovery());
});

const Request = z.object({ requestId: z.string().max(40) });

/** Field `requestId`. */
export const claimStoresAction = action(Request, async (actor, { requestId }): Promise<undefined> => {
  await claimStores(actor, requestId);
  revalidatePath(paths.recoveryClaim(requestId));
});

/** Field `requestId`. */
export const withdrawAsBackupAction = action(Request, async (actor, { requestId }): Promise<undefined> => {
  await withdrawAsBackup(actor, requestId);
  redirect(paths.recovery());
});
