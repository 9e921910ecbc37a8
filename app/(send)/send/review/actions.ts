"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { confirmSend } from "@/lib/transfers/confirm-send";
import { refreshSend } from "@/lib/transfers/quote-send";
import { shownSend, type ShownSend } from "./price";

const QUOTE_MAX = 3_000;
const Confirm = z.object({ k: z.uuid(), q: z.string().max(QUOTE_MAX), sure: z.literal("1").optional() });

/** Fields `k`, `q` and `sure`. One key is one send however often it is sent; every time it leads to that send. */
export const confirmSendAction = action(
  Confirm,
  async (actor, { k, q, sure }): Promise<undefined> => {
    const { transactionId } = await confirmSend(actor, { key: k, quote: q, isPayeeConfirmed: sure === "1" });
    redirect(paths.sent(transactionId));
  },
  { limit: null },
);

/** Field `q`. The same send at the present rate; its key stays. */
export const refreshSendAction = action(z.object({ q: z.string().max(QUOTE_MAX) }), async (actor, { q }): Promise<ShownSend> => shownSend(await refreshSend(actor, q)));
