import "server-only";
import { eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { stores } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { requireStepUp } from "@/lib/auth/step-up";
import { DomainError, invariant } from "@/lib/errors";
import { requirePermission } from "@/lib/team/require-permission";
import { tellTeam } from "@/lib/team/tell-team";
import { isSameName, REOPEN_DAYS } from "./rules";

/**
 * Closes a store: from this commit on nobody can pay it, by account, charge or wallet (pay_reserve looks at closed_at itself), and it is not shown in
 * Explore. Rewards stay good elsewhere, and the owner may still refund and take out what is left. Asks for a second factor and the store's name
 * as typed. The others of the team are told. Safe to repeat.
 * Fails with: not_found, forbidden, step_up_required, step_up_waiting, close_name_wrong.
 */
export async function closeStore(actor: Actor, storeId: string, typedName: string): Promise<void> {
  await db.transaction(async (tx) => {
    const store = await lockStore(tx, actor, storeId);
    if (store.closedAt) return;
    if (!isSameName(typedName, store.name)) throw new DomainError("close_name_wrong");
    await requireStepUp(tx, actor, "team_change");
    await tx.update(stores).set({ closedAt: sql`now()` }).where(eq(stores.id, storeId));
    await recordAudit(tx, { action: "store.closed", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId });
    await recordEvent(tx, { name: "store_closed", userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, properties: { storeId } });
    await tellTeam(tx, actor, { storeId, storeName: store.name, kind: "store_closed" });
  });
}

/**
 * Opens a closed store again, within 30 days: its code, rewards and team are as they were, and the others of the team are told. Safe to
 * repeat.
 * Fails with: not_found, forbidden, reopen_over.
 */
export async function reopenStore(actor: Actor, storeId: string, now = new Date()): Promise<void> {
  await db.transaction(async (tx) => {
    const store = await lockStore(tx, actor, storeId);
    if (!store.closedAt) return;
    if (now.getTime() > store.closedAt.getTime() + REOPEN_DAYS * 86_400_000) throw new DomainError("reopen_over");
    await tx.update(stores).set({ closedAt: null }).where(eq(stores.id, storeId));
    await recordAudit(tx, { action: "store.reopened", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, oldValues: { closedAt: store.closedAt.toISOString() } });
    await recordEvent(tx, { name: "store_reopened", userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, properties: { storeId } });
    await tellTeam(tx, actor, { storeId, storeName: store.name, kind: "store_reopened" });
  });
}

async function lockStore(tx: Tx, actor: Actor, storeId: string) {
  await requirePermission(tx, actor, storeId, "store.close");
  const [store] = await tx.select({ name: stores.name, closedAt: stores.closedAt }).from(stores).where(eq(stores.id, storeId)).for("no key update");
  invariant(store, `store ${storeId} has members and no row`);
  return store;
}
