import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { ownerChanges } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";

/**
 * Goes on with a change that some chain has not made yet. It was allowed when it was asked for, so it asks for nothing again.
 * Fails with: not_found (also done, or somebody else's).
 */
export async function retryOwnerChange(actor: Actor, { changeId }: { changeId: string }): Promise<{ changeId: string }> {
  if (!isId(changeId)) throw new DomainError("not_found");
  await db.transaction(async (tx) => {
    const [change] = await tx.select({ id: ownerChanges.id }).from(ownerChanges).where(and(eq(ownerChanges.id, changeId), eq(ownerChanges.userId, actor.userId), eq(ownerChanges.status, "pending")));
    if (!change) throw new DomainError("not_found");
    await recordAudit(tx, { action: "account.owner_change_retried", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "account", resourceId: changeId });
    await enqueue(tx, "accounts.apply_owner_change", { changeId }, { key: `accounts.apply_owner_change:${changeId}` });
  });
  return { changeId };
}
