import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { notices, outgoingMessages, sandboxMessages } from "@/db/schema";

/** Part of deleting an account: what the person was told, on any channel. */
export async function eraseMessages(tx: Tx, { userId, phone }: { userId: string; phone: string }): Promise<void> {
  await tx.delete(notices).where(eq(notices.userId, userId));
  await tx.delete(outgoingMessages).where(eq(outgoingMessages.toPhone, phone));
  await tx.delete(sandboxMessages).where(eq(sandboxMessages.toPhone, phone));
}
