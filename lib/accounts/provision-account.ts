import "server-only";
import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { signingKeys, smartAccounts, tokenBalances, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { USDC } from "@/lib/chain/addresses";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { accountOf, newSealedKey } from "./new-account";

/**
 * Gives a person a sealed signing key, a counterfactual account on every enabled chain, and an empty dollar balance on each. Safe
 * to repeat, also at once with itself; later it only adds what a newly enabled chain lacks. Worker only.
 * Fails with: not_found.
 */
export async function provisionAccount(userId: string): Promise<void> {
  await db.transaction(async (tx) => {
    // NO KEY: rows that refer to the person may come meanwhile, a second provisioning waits.
    const [user] = await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("no key update");
    if (!user) throw new DomainError("not_found");
    const known = await tx.select().from(smartAccounts).where(eq(smartAccounts.userId, userId));
    const missing = env().CHAIN_IDS.filter((chainId) => !known.some((account) => account.chainId === chainId));
    if (missing.length > 0) {
      const sample = known[0];
      // The address depends on the first signer for ever, so a later chain takes over what the earlier ones have.
      const origin = sample ? { ...sample, initialOwnerAddress: sample.initialOwnerAddress ?? sample.ownerAddress } : await firstAccount(tx, userId);
      await tx.insert(smartAccounts).values(
        missing.map((chainId) => ({
          id: newId(),
          userId,
          chainId,
          address: origin.address,
          salt: origin.salt,
          initialOwnerAddress: origin.initialOwnerAddress,
          ownerAddress: origin.initialOwnerAddress,
          custodyStatus: "managed" as const,
        })),
      );
      await recordAudit(tx, { action: "account.provisioned", userId, resourceType: "user", resourceId: userId, newValues: { chainIds: missing, address: origin.address } });
    }
    await tx
      .insert(tokenBalances)
      .values(env().CHAIN_IDS.map((chainId) => ({ id: newId(), userId, chainId, tokenAddress: USDC[chainId] })))
      .onConflictDoNothing();
  });
}

async function firstAccount(tx: Tx, userId: string) {
  const [existing] = await tx
    .select({ address: signingKeys.address })
    .from(signingKeys)
    .where(and(eq(signingKeys.userId, userId), eq(signingKeys.isActive, true)));
  invariant(!existing, "a person's first key and first account are made together");
  const key = await newSealedKey(userId);
  await tx.insert(signingKeys).values({ id: newId(), userId, ...key });
  return accountOf(userId, key.address);
}
