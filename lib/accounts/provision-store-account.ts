import "server-only";
import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeAccounts, storeSigningKeys, storeTokenBalances, stores } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { USDC } from "@/lib/chain/addresses";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { accountOf, newSealedKey } from "./new-account";

/**
 * The same for a store: its own sealed key, account and empty dollar balance on every enabled chain. Safe to repeat, also at once
 * with itself. Worker only.
 * Fails with: not_found.
 */
export async function provisionStoreAccount(storeId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [store] = await tx.select({ id: stores.id }).from(stores).where(eq(stores.id, storeId)).for("no key update");
    if (!store) throw new DomainError("not_found");
    const known = await tx.select().from(storeAccounts).where(eq(storeAccounts.storeId, storeId));
    const missing = env().CHAIN_IDS.filter((chainId) => !known.some((account) => account.chainId === chainId));
    if (missing.length > 0) {
      const { address, salt, initialOwnerAddress } = known[0] ?? (await firstAccount(tx, storeId));
      await tx
        .insert(storeAccounts)
        .values(missing.map((chainId) => ({ id: newId(), storeId, chainId, address, salt, initialOwnerAddress, ownerAddress: initialOwnerAddress })));
      await recordAudit(tx, { action: "account.provisioned", resourceType: "store", resourceId: storeId, newValues: { chainIds: missing, address } });
    }
    await tx
      .insert(storeTokenBalances)
      .values(env().CHAIN_IDS.map((chainId) => ({ id: newId(), storeId, chainId, tokenAddress: USDC[chainId] })))
      .onConflictDoNothing();
  });
}

async function firstAccount(tx: Tx, storeId: string) {
  const [existing] = await tx
    .select({ address: storeSigningKeys.address })
    .from(storeSigningKeys)
    .where(and(eq(storeSigningKeys.storeId, storeId), eq(storeSigningKeys.isActive, true)));
  invariant(!existing, "a store's first key and first account are made together");
  const key = await newSealedKey(storeId);
  await tx.insert(storeSigningKeys).values({ id: newId(), storeId, ...key });
  return accountOf(storeId, key.address);
}
