"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { requestIdentityCheck } from "@/lib/identity/request-identity-check";
import { paths } from "@/lib/paths";
import { confirmTopUp } from "@/lib/topups/confirm-top-up";
import { requestTopUp } from "@/lib/topups/request-top-up";

export const requestIdentityAction = action(z.object({}), (actor) => requestIdentityCheck(actor));

/** Asks for the price of an amount and goes to where it appears. */
export const requestTopUpAction = action(z.object({ key: z.uuid(), amount: z.string().max(200) }), async (actor, { key, amount }): Promise<undefined> => {
  const { topUpId } = await requestTopUp(actor, { key, amountText: amount });
  redirect(paths.topUp(topUpId));
});

export const confirmTopUpAction = action(z.object({ topUpId: z.uuid(), minimum: z.string().regex(/^\d{1,18}$/) }), (actor, { topUpId, minimum }) => confirmTopUp(actor, { topUpId, minimumUsdMicros: minimum }));
