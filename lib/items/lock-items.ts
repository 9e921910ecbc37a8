import "server-only";
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { storeItems } from "@/db/schema";

export type ItemRow = typeof storeItems.$inferSelect;

/** The store's catalogue in its order, held until the transaction ends: one change at a time, so order and limit stay true. */
export async function lockItems(tx: Tx, storeId: string): Promise<ItemRow[]> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`items:${storeId}`}, 0))`);
  return tx
    .select()
    .from(storeItems)
    .where(and(eq(storeItems.storeId, storeId), isNull(storeItems.removedAt)))
    .orderBy(asc(storeItems.position), asc(storeItems.id));
}
