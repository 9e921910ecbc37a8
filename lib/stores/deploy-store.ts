import "server-only";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeAccounts, storeDeployments, stores, userOperations } from "@/db/schema";
import { provisionStoreAccount } from "@/lib/accounts/provision-store-account";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ChainId } from "@/lib/chain/chains";
import { nextBlockTime } from "@/lib/chain/next-block";
import { env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import { newId, nonceKeyOf } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { log } from "@/lib/log";
import { hintOperations } from "@/lib/operations/hint";

/** From fixing the start to the first stage: long enough to deploy on every chain that answers, so cash-outs are free at once. */
const START_DELAY_SECONDS = 30;
/** A chain that does not answer is asked again after this long, and more seldom the longer the store has waited. */
const RETRY_MIN_MS = 3_000;
const RETRY_MAX_MS = 60_000;

/**
 * Opens a store's revnet on every enabled chain that answers: account and key, one start for all chains (fixed once, from the
 * highest chain time), one operation a chain in the outbox. A chain out of reach stays pending and is deployed later with the
 * same arguments; so is one that is enabled later. Safe to repeat: a deployment under way or done is left alone.
 */
export async function deployStore(storeId: string): Promise<void> {
  const chainIds = env().CHAIN_IDS;
  await db.insert(storeDeployments).values(chainIds.map((chainId) => ({ id: newId(), storeId, chainId, attempts: 0 }))).onConflictDoNothing();
  await provisionStoreAccount(storeId);

  const pending = await db
    .select({ chainId: storeDeployments.chainId })
    .from(storeDeployments)
    .where(and(eq(storeDeployments.storeId, storeId), inArray(storeDeployments.chainId, chainIds), eq(storeDeployments.status, "pending")));
  if (pending.length === 0) return;

  const times = await chainTimes(chainIds);
  const queued = await db.transaction(async (tx) => {
    const [store] = await tx.select({ createdAt: stores.createdAt, startsAt: stores.startsAt }).from(stores).where(eq(stores.id, storeId)).for("no key update");
    invariant(store, "a store that deploys exists");
    if (times.size > 0) {
      await tx.update(stores).set({ startsAt: new Date((Math.max(...times.values()) + START_DELAY_SECONDS) * 1000) }).where(and(eq(stores.id, storeId), isNull(stores.startsAt)));
    }
    const started: ChainId[] = [];
    for (const { chainId } of pending) if (times.has(chainId) && (await startDeployment(tx, storeId, chainId))) started.push(chainId);
    if (started.length > 0) {
      await tx.update(stores).set({ deploymentStatus: "deploying" }).where(and(eq(stores.id, storeId), inArray(stores.deploymentStatus, ["pending", "failed"])));
      await recordAudit(tx, { action: "store.deployment_started", resourceType: "store", resourceId: storeId, newValues: { chainIds: started } });
    }
    const silent = pending.filter(({ chainId }) => !times.has(chainId));
    if (silent.length > 0) {
      log().warn({ storeId, chainIds: silent.map(({ chainId }) => chainId) }, "chains did not answer, the store waits for them");
      await enqueue(tx, "stores.deploy", { storeId }, { key: `stores.deploy:${storeId}`, runAt: new Date(Date.now() + retryDelayMs(store.createdAt)) });
    }
    return started;
  });
  for (const chainId of queued) hintOperations(chainId);
}

/** A tenth of the store's age, within bounds. */
const retryDelayMs = (createdAt: Date) => Math.min(RETRY_MAX_MS, Math.max(RETRY_MIN_MS, (Date.now() - createdAt.getTime()) / 10));

/** Puts one chain's deployment into the outbox; false when another run of this job already did. */
async function startDeployment(tx: Tx, storeId: string, chainId: ChainId): Promise<boolean> {
  const operationId = newId();
  const [account] = await tx.select({ address: storeAccounts.address }).from(storeAccounts).where(and(eq(storeAccounts.storeId, storeId), eq(storeAccounts.chainId, chainId)));
  invariant(account, "a provisioned store has an account on every enabled chain");
  const [deployment] = await tx
    .update(storeDeployments)
    .set({ status: "deploying", operationId, errorMessage: null, bundleId: operationId, attempts: sql`COALESCE(${storeDeployments.attempts}, 0) + 1` })
    .where(and(eq(storeDeployments.storeId, storeId), eq(storeDeployments.chainId, chainId), eq(storeDeployments.status, "pending")))
    .returning({ id: storeDeployments.id });
  if (!deployment) return false;
  await tx.insert(userOperations).values({ id: operationId, chainId, kind: "store_deployment", subjectId: storeId, sender: account.address, nonceKey: nonceKeyOf(operationId) });
  return true;
}

/** The time of each chain that answers, unix seconds. */
async function chainTimes(chainIds: readonly ChainId[]): Promise<Map<ChainId, number>> {
  const answers = await Promise.all(chainIds.map(async (chainId) => [chainId, await nextBlockTime(chainId).catch(() => null)] as const));
  return new Map(answers.flatMap(([chainId, time]) => (time === null ? [] : [[chainId, time] as const])));
}
