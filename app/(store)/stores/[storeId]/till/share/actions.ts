"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { endSession } from "@/lib/auth/session";
import { paths, safeNext } from "@/lib/paths";
import { lockTill, shareTill, unlockTill, unshareTill } from "@/lib/team/share-till";
import { tillPulse } from "@/lib/team/till-queries";

const Pin = z.string().max(20);
const Store = z.object({ storeId: z.uuid() });

/** Fields `idleMinutes` and, when the till has a name, `tillId`. */
export const shareTillAction = action(Store.extend({ tillId: z.union([z.uuid(), z.literal("")]).default(""), idleMinutes: z.coerce.number().int() }), async (actor, { storeId, tillId, idleMinutes }): Promise<undefined> => {
  await shareTill(actor, { storeId, tillId: tillId || null, idleMinutes });
  redirect(paths.till(storeId));
});

/** Fields `userId` and `pin`; `overrideBy` when somebody stands in. */
export const unlockTillAction = action(Store.extend({ userId: z.uuid(), pin: Pin, overrideBy: z.uuid().optional() }), async (actor, input): Promise<undefined> => {
  await unlockTill(actor, input);
  revalidatePath(paths.till(input.storeId));
});

export const lockTillAction = action(Store, async (actor, input): Promise<undefined> => {
  await lockTill(actor, input);
  revalidatePath(paths.till(input.storeId));
});

/** Field `isTouched` when the till was used. Whose sitting is open. */
export const tillPulseAction = action(Store.extend({ isTouched: z.literal("yes").optional() }), (actor, { storeId, isTouched }) => tillPulse(actor, { storeId, isTouched: isTouched === "yes" }));

/** Fields `pin` and `next`. The device is the person's own again. */
export const unshareTillAction = action(Store.extend({ pin: Pin, next: z.string().max(2_000).optional() }), async (actor, { storeId, pin, next }): Promise<undefined> => {
  await unshareTill(actor, { storeId, pin });
  redirect(next ? safeNext(next) : paths.till(storeId));
});

/** Without the PIN the way out of a shared till is out of the account. */
export const signOutOfTillAction = action(Store, async (actor, { storeId }): Promise<undefined> => {
  await endSession(actor);
  redirect(paths.login(paths.till(storeId)));
});
