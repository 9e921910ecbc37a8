import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { receiptLinks } from "@/db/schema";

/** Part of deleting an account: whoever is gone vouches for nothing any more. */
export async function forgetReceiptLinks(tx: Tx, userId: string): Promise<void> {
  await tx.delete(receiptLinks).where(eq(receiptLinks.createdBy, userId));
}
