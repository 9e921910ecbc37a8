import "server-only";
import { and, desc, eq, ne } from "drizzle-orm";
import { db, sql } from "@/db/client";
import { ownerChanges, signingKeys, smartAccounts } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Address } from "@/lib/chain/addresses";
import { FINAL_BLOCKS, type ChainId } from "@/lib/chain/chains";
import { isChainUnreachable, publicClient } from "@/lib/chain/clients";
import { readSigners } from "@/lib/chain/signers";
import { env } from "@/lib/env";
import { enqueue } from "@/lib/jobs/enqueue";
import { DESTROYED_KEY } from "./keys";
import { serverKeysOf } from "./queries";
import { isOwnAlone } from "./rules";

/** Between two looks at whether the takeover is final on every chain. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Destroys a revoked key for good, once no reorg can need it any more: the takeover is final on every chain, and each chain says
 * once more, now, that the key is no signer. An account on a chain that is no longer enabled keeps the key alive, or its money would be
 * lost. Looks again later until then. Safe to repeat. Worker only.
 */
export async function destroyKey(userId: string): Promise<void> {
  const keys = await db.select({ id: signingKeys.id, address: signingKeys.address }).from(signingKeys).where(and(eq(signingKeys.userId, userId), eq(signingKeys.isActive, false), ne(signingKeys.encryptedPrivateKey, DESTROYED_KEY)));
  const [takeover] = await db.select().from(ownerChanges).where(and(eq(ownerChanges.userId, userId), eq(ownerChanges.kind, "takeover"))).orderBy(desc(ownerChanges.id)).limit(1);
  if (keys.length === 0 || takeover?.status !== "done") return;
  const isFinal = await isFinalEverywhere(userId, takeover.id);
  await db.transaction(async (tx) => {
    if (!isFinal) return enqueue(tx, "accounts.destroy_key", { userId }, { key: `accounts.destroy_key:${userId}`, runAt: new Date(Date.now() + LOOK_AGAIN_MS) });
    for (const { id, address } of keys) {
      const [gone] = await tx.update(signingKeys).set({ encryptedPrivateKey: DESTROYED_KEY }).where(and(eq(signingKeys.id, id), eq(signingKeys.isActive, false))).returning({ id: signingKeys.id });
      if (gone) await recordAudit(tx, { action: "account.key_destroyed", userId, resourceType: "key", resourceId: id, newValues: { address } });
    }
  });
}

async function isFinalEverywhere(userId: string, changeId: string): Promise<boolean> {
  const accounts = await db.select({ chainId: smartAccounts.chainId, address: smartAccounts.address, custody: smartAccounts.custodyStatus, initialOwner: smartAccounts.initialOwnerAddress }).from(smartAccounts).where(eq(smartAccounts.userId, userId));
  const serverKeys = await serverKeysOf(userId);
  for (const { chainId, address, custody, initialOwner } of accounts) {
    // On a chain that was enabled later the account began with the person's own key.
    if (initialOwner && !serverKeys.includes(initialOwner)) continue;
    if (custody !== "self_custody" || !env().CHAIN_IDS.includes(chainId)) return false;
    if (!(await isDeepEnough(chainId, address, changeId))) return false;
    const signers = await readSigners(publicClient(chainId), address as Address).catch((error: unknown) => {
      if (isChainUnreachable(error)) return [];
      throw error;
    });
    if (!isOwnAlone(signers, serverKeys)) return false;
  }
  return true;
}

/** How deep the takeover's operation lies below the block that the follower has applied. */
async function isDeepEnough(chainId: ChainId, address: string, changeId: string): Promise<boolean> {
  const [row] = await sql<{ depth: string | null }[]>`
    SELECT (c.block_number - max(o.block_number))::text AS depth
    FROM chain_cursors c LEFT JOIN user_operations o ON o.chain_id = c.chain_id AND o.sender = ${address} AND o.subject_id = ${changeId} AND o.kind = 'owner_change' AND o.status = 'succeeded'
    WHERE c.chain_id = ${chainId}::chain_id GROUP BY c.block_number`;
  return row?.depth !== null && row !== undefined && BigInt(row.depth) >= FINAL_BLOCKS[chainId];
}
