import "server-only";
import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeIdentities, stores } from "@/db/schema";
import { env } from "@/lib/env";
import { storeIdentityViewOf, type StoreIdentityView } from "./rules";

export type StoreIdentityRow = typeof storeIdentities.$inferSelect;

/** Where a store stands with the present partner; null before anybody asked. */
export async function storeIdentityOf(storeId: string, runner: Tx | typeof db = db): Promise<StoreIdentityRow | null> {
  const [row] = await runner.select().from(storeIdentities).where(and(eq(storeIdentities.storeId, storeId), eq(storeIdentities.provider, env().TOPUP_PROVIDER)));
  return row ?? null;
}

/** The same for a page that has looked at the reader's right already. */
export async function getStoreIdentity(storeId: string): Promise<StoreIdentityView> {
  const [known, [store]] = await Promise.all([storeIdentityOf(storeId), db.select({ cnpj: stores.cnpj }).from(stores).where(eq(stores.id, storeId))]);
  return storeIdentityViewOf(known, { cnpj: store?.cnpj ?? null });
}
