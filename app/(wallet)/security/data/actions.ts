"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { endSession } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { allowExport } from "@/lib/privacy/allow-export";
import { deleteAccount } from "@/lib/privacy/delete-account";
import { setNameHidden } from "@/lib/privacy/hide-name";
import { setConsent } from "@/lib/privacy/set-consent";

/** Answers the right to download, for ten minutes of this session. */
export const allowExportAction = action(z.object({}), (actor): Promise<string> => allowExport(actor));

const Toggle = z.object({ isOn: z.enum(["yes", "no"]) });

/** Field `isOn`. */
export const setNameHiddenAction = action(Toggle, async (actor, { isOn }): Promise<undefined> => {
  await setNameHidden(actor, isOn === "yes");
  revalidatePath(paths.myData());
});

/** Field `isOn`. */
export const setProductMessagesAction = action(Toggle, async (actor, { isOn }): Promise<undefined> => {
  await setConsent(actor, "product_messages", isOn === "yes");
  revalidatePath(paths.myData());
});

/** Fields `sure`, and `givesUpBalance` where something is left: a form without its ticks is refused. */
export const deleteAccountAction = action(z.object({ sure: z.literal("on"), givesUpBalance: z.literal("on").optional() }), async (actor, { givesUpBalance }): Promise<undefined> => {
  await deleteAccount(actor, { givesUpBalance: givesUpBalance === "on" });
  // The row ended with the account; this clears the cookie.
  await endSession(actor);
  redirect(paths.accountDeleted());
});
