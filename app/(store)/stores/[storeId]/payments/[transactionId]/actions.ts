"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { requestRefund as requestGuestRefund } from "@/lib/guests/request-refund";
import { quoteRefund } from "@/lib/refunds/quote-refund";
import { requestRefund } from "@/lib/refunds/request-refund";

const Sale = z.object({ storeId: z.uuid(), transactionId: z.uuid() });
const Amount = Sale.extend({ amount: z.string().max(40) });

/** Fields `storeId`, `transactionId`, `amount` in reais of the sale. What a refund would do, before it is confirmed. */
export const quoteRefundAction = action(Amount, (actor, { amount, ...sale }) => quoteRefund(actor, { ...sale, amountText: amount }));

/** Fields of the review: the above, `reason`, the form's `key`, and with `acceptsCost` the rewards whose loss was shown. */
export const requestRefundAction = action(
  Amount.extend({ reason: z.string().max(2_000), key: z.uuid(), goneUnits: z.string().regex(/^\d{1,78}$/), acceptsCost: z.literal("on").optional() }),
  (actor, { amount, goneUnits, acceptsCost, ...input }) => requestRefund(actor, { ...input, amountText: amount, acceptedGoneUnits: acceptsCost ? BigInt(goneUnits) : 0n }),
);

/** Fields `storeId`, `transactionId`. Sends back money that no page of ours asked for in this way. */
export const sendBackAction = action(Sale, async (actor, sale): Promise<undefined> => {
  await requestGuestRefund(actor, sale);
});
