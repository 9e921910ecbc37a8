"use server";

import { redirect, RedirectType } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { findStoreByCode } from "@/lib/payments/payable-store";
import { openQuote } from "@/lib/payments/quote";
import { refreshQuote } from "@/lib/payments/quote-payment";
import { changedChoice, PARTS_CHANGE, QUOTE_CHARACTERS_MAX } from "@/lib/payments/rules";
import { priceOf, type Price } from "./price";

const quoteText = z.string().max(QUOTE_CHARACTERS_MAX);
const Confirm = z.object({ k: z.uuid(), q: quoteText, stay: z.literal("1").optional() });

/**
 * Fields `k` and `q`. One key is one payment however often it is sent; every time it leads to that payment. With `stay` it answers the
 * payment instead of going there: the page of somebody who signs it still has something to do.
 */
export const confirmAction = action(
  Confirm,
  async (actor, { k, q, stay }): Promise<{ transactionId: string }> => {
    const { transactionId } = await confirmPayment(actor, { key: k, quote: q });
    if (stay) return { transactionId };
    redirect(paths.payment(transactionId));
  },
  { limit: null },
);

/** Field `q`. The same amount at the present rate, in the parts that the payer chose; the key of the payment stays. */
export const refreshAction = action(z.object({ q: quoteText }), async (actor, { q }): Promise<Price> => {
  const made = await refreshQuote(actor, q);
  return priceOf(made, await findStoreByCode(made.quote.shortCode), actor);
});

const Change = z.object({ k: z.uuid(), q: quoteText, change: z.string().regex(PARTS_CHANGE), stay: z.literal("1").optional() });

/**
 * Fields `k`, `q` and `change`: other parts for the same amount. With `stay` it answers the price; without a script it leads to the review
 * of it, under the same key.
 */
export const changePartsAction = action(Change, async (actor, { k, q, change, stay }): Promise<Price> => {
  const made = await refreshQuote(actor, q, new Date(), changedChoice(openQuote(q, actor.userId).choice, change));
  if (!stay) redirect(paths.review(made.quote.shortCode, k, made.signed), RedirectType.replace);
  return priceOf(made, await findStoreByCode(made.quote.shortCode), actor);
});
