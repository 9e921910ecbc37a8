"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { newId } from "@/lib/ids";
import { CURRENCIES } from "@/lib/money";
import { paths } from "@/lib/paths";
import { cancelRequest } from "@/lib/requests/cancel-request";
import { makeRequest } from "@/lib/requests/make-request";
import { quoteRequest } from "@/lib/requests/quote-request";
import type { AmountState } from "../amount-state";
import { typedOf } from "../typed-of";

const New = z.object({ k: z.uuid(), currency: z.enum(CURRENCIES).default("BRL"), amount: z.string().max(200), note: z.string().max(1_000).default("") });

const make = action(New, async (actor, { k, currency, amount, note }): Promise<undefined> => {
  const { reference } = await makeRequest(actor, { key: k, currency, amountText: amount, note });
  redirect(paths.request(reference));
});

/** Fields `k`, `currency`, `amount` as typed, `note`. Goes to the request that was made. */
export async function makeRequestAction(_previous: AmountState, form: FormData): Promise<AmountState> {
  const answer = await make(null, form);
  return { failure: answer && !answer.ok ? answer : null, typed: typedOf(form) };
}

const Reference = z.object({ reference: z.string().max(40) });

/** Field `reference`. */
export const cancelRequestAction = action(Reference, async (actor, { reference }): Promise<undefined> => {
  await cancelRequest(actor, reference);
  revalidatePath(paths.request(reference));
});

/** Field `reference`. Prices the request at the present rate and goes to the review. */
export const payRequestAction = action(Reference, async (actor, { reference }): Promise<undefined> => {
  const { signed } = await quoteRequest(actor, reference);
  redirect(paths.sendReview(newId(), signed));
});
