import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { storeDeployments, stores } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { isChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { enqueue } from "@/lib/jobs/enqueue";
import { requirePermission } from "@/lib/team/require-permission";

/**
 * Puts a failed deployment back in line; the worker makes a new operation for it. Two taps queue it once: the second finds it pending.
 * Fails with: not_found, forbidden, deployment_not_failed.
 */
export async function retryDeployment(actor: Actor, storeId: string, chainId: string): Promise<void> {
  if (!isChainId(chainId)) throw new DomainError("not_found");
  await db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "deployments.retry");
    const [retried] = await tx
      .update(storeDeployments)
      .set({ status: "pending", errorMessage: null, operationId: null })
      .where(and(eq(storeDeployments.storeId, storeId), eq(storeDeployments.chainId, chainId), eq(storeDeployments.status, "failed")))
      .returning({ id: storeDeployments.id });
    if (!retried) throw new DomainError("deployment_not_failed");
    await tx.update(stores).set({ deploymentStatus: sql`CASE WHEN ${stores.deploymentStatus} = 'failed' THEN 'pending'::deployment_status ELSE ${stores.deploymentStatus} END` }).where(eq(stores.id, storeId));
    await recordAudit(tx, { action: "store.deployment_retried", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, metadata: { chainId } });
    await enqueue(tx, "stores.deploy", { storeId }, { key: `stores.deploy:${storeId}` });
  });
}
