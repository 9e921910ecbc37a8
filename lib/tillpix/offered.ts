import "server-only";
import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { tillPixAccounts } from "@/db/schema";
import { env } from "@/lib/env";
import { isEnabled } from "@/lib/flags/is-enabled";
import { topUpChain } from "@/lib/topups/offered";

export type StoreAccountRow = typeof tillPixAccounts.$inferSelect;

/** Whether somebody may use Pix at the till at all: a provider is set up here, and the flag is on for them. */
export async function isTillPixOffered(userId: string): Promise<boolean> {
  return topUpChain() !== null && (await isEnabled("till_pix", userId));
}

/** Where a store stands with the present provider; null before anybody asked. */
export async function storeIdentityOf(storeId: string, runner: Tx | typeof db = db): Promise<StoreAccountRow | null> {
  const [row] = await runner.select().from(tillPixAccounts).where(and(eq(tillPixAccounts.storeId, storeId), eq(tillPixAccounts.provider, env().TOPUP_PROVIDER)));
  return row ?? null;
}
