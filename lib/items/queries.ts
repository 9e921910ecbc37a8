import "server-only";
import { and, asc, eq, isNull } from "drizzle-orm";
import { db } from "@/db/client";
import { storeItems } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { requirePermission } from "@/lib/team/require-permission";
import { groupItems, type ItemGroup, type StoreItem } from "./rules";

/** The whole catalogue, for whoever keeps it. Fails with not_found, forbidden. */
export async function listItems(actor: Actor, storeId: string): Promise<ItemGroup[]> {
  await requirePermission(db, actor, storeId, "items.manage");
  return groupItems(await readItems(storeId));
}

async function readItems(storeId: string): Promise<StoreItem[]> {
  return db
    .select({ id: storeItems.id, name: storeItems.name, category: storeItems.category, priceBrlCentavos: storeItems.priceBrlCentavos, isAvailable: storeItems.isAvailable })
    .from(storeItems)
    .where(and(eq(storeItems.storeId, storeId), isNull(storeItems.removedAt)))
    .orderBy(asc(storeItems.position), asc(storeItems.id));
}
