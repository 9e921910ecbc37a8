import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { identityChecks } from "@/db/schema";

/** Who deletes the account is no longer tied to the provider's file about them here; what the provider keeps, its own law asks of it. */
export async function eraseIdentity(tx: Tx, userId: string): Promise<void> {
  await tx.delete(identityChecks).where(eq(identityChecks.userId, userId));
}
