"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { findStoreByCode } from "@/lib/payments/payable-store";
import { refreshQuote } from "@/lib/payments/quote-payment";
import { priceOf, type Price } from "./price";

const QUOTE_MAX = 2_000;
const Confirm = z.object({ k: z.uuid(), q: z.string().max(QUOTE_MAX), stay: z.literal("1").optional() });

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

/** Field `q`. The same amount at the present rate; the key of the payment stays. */
export const refreshAction = action(z.object({ q: z.string().max(QUOTE_MAX) }), async (actor, { q }): Promise<Price> => {
  const made = await refreshQuote(actor, q);
  return priceOf(made, await findStoreByCode(made.quote.shortCode));
});
