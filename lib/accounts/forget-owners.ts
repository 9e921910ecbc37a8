import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { accountOwners, keyExports } from "@/db/schema";

/** Part of deleting an account: names and proofs of the person's own keys, and keys on their way out. What the chain knows stays there. */
export async function forgetOwners(tx: Tx, userId: string): Promise<void> {
  await tx.delete(accountOwners).where(eq(accountOwners.userId, userId));
  await tx.delete(keyExports).where(eq(keyExports.userId, userId));
}
