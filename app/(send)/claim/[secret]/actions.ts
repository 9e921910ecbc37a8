"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { endSession } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { isSecret } from "@/lib/transfers/rules";

/** Field `secret`. Ends this session and comes back with another phone. */
export const otherPhoneAction = action(z.object({ secret: z.string().max(40) }), async (actor, { secret }): Promise<undefined> => {
  await endSession(actor);
  redirect(paths.login(isSecret(secret) ? paths.claim(secret) : paths.home()));
});
