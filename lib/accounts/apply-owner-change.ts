import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { db } from "@/db/client";
import { ownerChanges, userOperations } from "@/db/schema";
import { hintOperations } from "@/lib/operations/hint";
import { queueOperations } from "@/lib/operations/queue-operations";
import { accountsOf, serverKeysOf } from "./queries";
import { isChangeDone } from "./rules";

/** Puts a change of owners into the outbox of every enabled chain that has not made it and has no operation of it on its way. Safe to repeat. Worker only. */
export async function applyOwnerChange(changeId: string): Promise<void> {
  const chainIds = await db.transaction(async (tx) => {
    const [change] = await tx.select().from(ownerChanges).where(and(eq(ownerChanges.id, changeId), eq(ownerChanges.status, "pending"))).for("no key update");
    if (!change) return [];
    const [accounts, serverKeys, open] = await Promise.all([
      accountsOf(change.userId, tx),
      serverKeysOf(change.userId, tx),
      tx
        .select({ chainId: userOperations.chainId })
        .from(userOperations)
        .where(and(eq(userOperations.subjectId, changeId), eq(userOperations.kind, "owner_change"), inArray(userOperations.status, ["queued", "prepared", "submitted"]))),
    ]);
    const missing = accounts.filter(({ chainId, signers }) => !isChangeDone(change, signers, serverKeys) && !open.some((row) => row.chainId === chainId));
    await queueOperations(missing.map(({ chainId, address }) => ({ chainId, kind: "owner_change", subjectId: changeId, sender: address })), tx);
    return missing.map(({ chainId }) => chainId);
  });
  for (const chainId of chainIds) hintOperations(chainId);
}
