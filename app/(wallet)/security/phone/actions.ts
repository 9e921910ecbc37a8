"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { changePhone, sendCodeToNewPhone, sendCodeToPresentPhone } from "@/lib/auth/change-phone";
import { readVisitor } from "@/lib/auth/visitor";

const NewPhone = z.object({ phone: z.string().max(40), country: z.string().max(2) });

/** Fields `phone` and `country`. Sends a code to the phone that is to be the account's. */
export const sendNewPhoneCodeAction = action(NewPhone, async (actor, input) => sendCodeToNewPhone(actor, await readVisitor(), input));

/** Sends a code to the account's present phone. */
export const sendPresentPhoneCodeAction = action(z.object({}), async (actor) => sendCodeToPresentPhone(actor, await readVisitor()));

const Change = NewPhone.extend({ code: z.string().max(40), presentCode: z.string().max(40).optional() });

/** Fields `phone`, `country`, `code` and, without a signature, `presentCode`. `readyAt` is null when the phone changed at once. */
export const changePhoneAction = action(Change, async (actor, input): Promise<{ readyAt: string | null }> => {
  const { readyAt } = await changePhone(actor, await readVisitor(), input);
  refresh();
  return { readyAt: readyAt?.toISOString() ?? null };
});
