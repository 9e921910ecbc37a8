import "server-only";
import { and, desc, eq, inArray, ne, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { accountOwners, ownerChanges, signingKeys, userOperations, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { env } from "@/lib/env";
import { enqueue } from "@/lib/jobs/enqueue";
import { warnPerson } from "@/lib/notifications/warn-person";
import { DESTROYED_KEY } from "./keys";
import { accountsOf, serverKeysOf } from "./queries";
import { isChangeDone } from "./rules";

/**
 * Holds a person's latest change of owners against what the chains say: done when every enabled one agrees, and pending again when a
 * reorg took it back. With a takeover the server's key is revoked, or comes back while it is not yet destroyed: until the change is
 * final a reorg could need it. Safe to repeat. Worker only.
 */
export async function settleOwnerChange(userId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("no key update");
    const [change] = await tx.select().from(ownerChanges).where(and(eq(ownerChanges.userId, userId), ne(ownerChanges.status, "failed"))).orderBy(desc(ownerChanges.id)).limit(1);
    if (!change) return;
    const [accounts, serverKeys] = await Promise.all([accountsOf(userId, tx), serverKeysOf(userId, tx)]);
    const isDone = accounts.length === new Set(env().CHAIN_IDS).size && accounts.every(({ signers }) => isChangeDone(change, signers, serverKeys));
    if (isDone && change.status === "pending") await finish(tx, userId, change);
    if (!isDone && change.status === "done" && (await isOnItsWay(tx, change.id))) await reopen(tx, userId, change);
  });
}

type Change = typeof ownerChanges.$inferSelect;

async function finish(tx: Tx, userId: string, change: Change) {
  await tx.update(ownerChanges).set({ status: "done", completedAt: sql`now()`, errorCode: null }).where(eq(ownerChanges.id, change.id));
  if (change.removed.length > 0) await tx.delete(accountOwners).where(and(eq(accountOwners.userId, userId), inArray(accountOwners.address, change.removed)));
  const isTakeover = change.kind === "takeover";
  await recordAudit(tx, {
    action: isTakeover ? "account.taken_over" : "account.owners_changed", userId, resourceType: "account", resourceId: change.id,
    newValues: { kind: change.kind, added: change.added, removed: change.removed },
  });
  await warnPerson(tx, { userId, kind: isTakeover ? "takeover_done" : "owners_changed" });
  if (!isTakeover) return;
  const revoked = await tx.update(signingKeys).set({ isActive: false, revokedAt: sql`now()` }).where(and(eq(signingKeys.userId, userId), eq(signingKeys.isActive, true))).returning({ id: signingKeys.id, address: signingKeys.address });
  for (const key of revoked) await recordAudit(tx, { action: "account.key_revoked", userId, resourceType: "key", resourceId: key.id, newValues: { address: key.address } });
  await enqueue(tx, "accounts.destroy_key", { userId }, { key: `accounts.destroy_key:${userId}` });
}

/** A reorg took its operation back. Without one, owners changed by something else: a chain enabled since, or the owners themselves. */
async function isOnItsWay(tx: Tx, changeId: string): Promise<boolean> {
  const [row] = await tx
    .select({ id: userOperations.id })
    .from(userOperations)
    .where(and(eq(userOperations.subjectId, changeId), eq(userOperations.kind, "owner_change"), inArray(userOperations.status, ["queued", "prepared", "submitted"])))
    .limit(1);
  return row !== undefined;
}

async function reopen(tx: Tx, userId: string, change: Change) {
  await tx.update(ownerChanges).set({ status: "pending", completedAt: null }).where(eq(ownerChanges.id, change.id));
  if (change.kind !== "takeover") return;
  await tx
    .update(signingKeys)
    .set({ isActive: true, revokedAt: null })
    .where(and(eq(signingKeys.userId, userId), ne(signingKeys.encryptedPrivateKey, DESTROYED_KEY), sql`NOT EXISTS (SELECT FROM ${signingKeys} k WHERE k.user_id = ${userId} AND k.is_active)`));
}
