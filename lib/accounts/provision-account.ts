import "server-only";
import { and, asc, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { accountOwners, accountSigners, signingKeys, smartAccounts, tokenBalances, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { USDC, type Address } from "@/lib/chain/addresses";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { accountOf, newSealedKey } from "./new-account";
import type { CustodyStatus } from "./rules";

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
      const origin = await originOf(tx, userId, known);
      await tx.insert(smartAccounts).values(
        missing.map((chainId) => ({
          id: newId(),
          userId,
          chainId,
          address: origin.address,
          salt: origin.salt,
          initialOwnerAddress: origin.initialOwnerAddress,
          ownerAddress: origin.initialOwnerAddress,
          custodyStatus: origin.custodyStatus,
        })),
      );
      // Rewards of sales by Pix may wait for this phone.
      await enqueue(tx, "tillpix.claim", { userId }, { key: `tillpix.claim:${userId}` });
      await recordAudit(tx, { action: "account.provisioned", userId, resourceType: "user", resourceId: userId, newValues: { chainIds: missing, address: origin.address } });
    }
    await tx
      .insert(tokenBalances)
      .values(env().CHAIN_IDS.map((chainId) => ({ id: newId(), userId, chainId, tokenAddress: USDC[chainId] })))
      .onConflictDoNothing();
  });
}

type Origin = { address: string; salt: string; initialOwnerAddress: string; custodyStatus: CustodyStatus };

/**
 * What a further account is made from. The address depends on the first signer for ever, so a later chain takes over what the earlier
 * ones have. Not once the account is the person's alone: the key that the address began with is gone, and must never sign again, so the new
 * chain's account begins with the person's own key, at an address of its own.
 */
async function originOf(tx: Tx, userId: string, known: readonly (typeof smartAccounts.$inferSelect)[]): Promise<Origin> {
  const managed = known.find(({ custodyStatus }) => custodyStatus === "managed");
  if (managed) return { address: managed.address, salt: managed.salt, initialOwnerAddress: managed.initialOwnerAddress ?? managed.ownerAddress, custodyStatus: "managed" };
  const [own] = known;
  if (!own) return { ...(await firstAccount(tx, userId)), custodyStatus: "managed" };
  return { ...accountOf(userId, await ownKeyOf(tx, userId, own.ownerAddress)), custodyStatus: "self_custody" };
}

/** The main owner; where that is a wallet, rather a key, because a contract wallet may not exist on the new chain. */
async function ownKeyOf(tx: Tx, userId: string, mainOwner: string): Promise<Address> {
  const owners = await tx.select({ address: accountOwners.address, kind: accountOwners.kind }).from(accountOwners).where(eq(accountOwners.userId, userId)).orderBy(asc(accountOwners.createdAt), asc(accountOwners.id));
  const signing = await tx.selectDistinct({ address: accountSigners.address }).from(accountSigners).where(eq(accountSigners.userId, userId));
  const present = owners.filter(({ address }) => signing.some((signer) => signer.address === address));
  const main = present.find(({ address, kind }) => address === mainOwner && kind !== "wallet") ?? present.find(({ kind }) => kind !== "wallet");
  return (main?.address ?? mainOwner) as Address;
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
