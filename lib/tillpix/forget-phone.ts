import "server-only";
import { eq, or } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { tillPix } from "@/db/schema";
import { phoneHashOf } from "@/lib/transfers/payee";

/** Sales by Pix keep no trace of the phone of somebody who is gone; a reward that nobody took stays the store's to keep. */
export async function forgetTillPhones(tx: Tx, { userId, phone }: { userId: string; phone: string }): Promise<void> {
  await tx.update(tillPix).set({ phoneHash: null, phoneShown: null }).where(or(eq(tillPix.claimedBy, userId), eq(tillPix.phoneHash, phoneHashOf(phone))));
}
