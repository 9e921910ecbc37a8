"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { quoteRefund, requestRefund } from "@/lib/guests/request-refund";

const Refund = z.object({ storeId: z.uuid(), transactionId: z.uuid() });

/** What a refund would do, before it is confirmed. */
export const quoteRefundAction = action(Refund, quoteRefund);
export const requestRefundAction = action(Refund, requestRefund);
