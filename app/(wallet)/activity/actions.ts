"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { listActivity, type PaymentView } from "@/lib/payments/queries";

/** Field `before`: the id of the last row shown. The next page of the person's activity. */
export const olderActivityAction = action(z.object({ before: z.uuid() }), (actor, { before }): Promise<{ items: PaymentView[]; next: string | null }> => listActivity(actor, { before }));
