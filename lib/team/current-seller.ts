import "server-only";
import type { Tx } from "@/db/client";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { requirePermission } from "./require-permission";

/** Who makes a sale, and at which till. */
export type Seller = { userId: string; tillId: string | null };

/**
 * Who sells on this device now: the signed-in member. Fails with not_found, forbidden.
 */
export async function currentSeller(tx: Tx | typeof db, actor: Actor, storeId: string): Promise<Seller> {
  await requirePermission(tx, actor, storeId, "charges.make");
  return { userId: actor.userId, tillId: null };
}
