import "server-only";
import { and, countDistinct, eq, inArray } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { smartAccounts } from "@/db/schema";
import { env } from "@/lib/env";

/** Whether the person has an account on every enabled chain: true a moment after the first sign-in, when the worker has been. */
export async function isAccountReady(userId: string, runner: Tx | typeof db = db): Promise<boolean> {
  const chainIds = env().CHAIN_IDS;
  const [row] = await runner
    .select({ chains: countDistinct(smartAccounts.chainId) })
    .from(smartAccounts)
    .where(and(eq(smartAccounts.userId, userId), inArray(smartAccounts.chainId, chainIds)));
  return row?.chains === new Set(chainIds).size;
}
