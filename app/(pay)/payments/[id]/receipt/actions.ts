"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { createReceiptLink } from "@/lib/receipts/create-receipt-link";
import { revokeReceiptLink } from "@/lib/receipts/revoke-receipt-link";

/** Field `transactionId`: a link with which anybody checks this receipt. It is told this once. */
export const createReceiptLinkAction = action(z.object({ transactionId: z.uuid() }), async (actor, { transactionId }) => {
  const link = await createReceiptLink(actor, transactionId);
  revalidatePath(paths.receipt(transactionId));
  return link;
});

/** Fields `linkId`, `transactionId` (the page to show anew): ends one link. */
export const revokeReceiptLinkAction = action(z.object({ linkId: z.uuid(), transactionId: z.uuid() }), async (actor, { linkId, transactionId }): Promise<undefined> => {
  await revokeReceiptLink(actor, linkId);
  revalidatePath(paths.receipt(transactionId));
});
