import "server-only";
import { and, eq, sql as fragment } from "drizzle-orm";
import { db } from "@/db/client";
import { charges, transactions } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { hintPerson } from "@/lib/live/hint-person";
import { requirePermission } from "@/lib/team/require-permission";
import { chargeStateOf } from "./rules";

/**
 * Takes a charge back, by any member who may charge. Who pays in the same moment is first or is told. Safe to repeat.
 * A wallet that holds it and has not said that it paid holds no store: what it pays afterwards is late, and is sent back.
 * Fails with not_found (also another store's), forbidden, charge_paid (also on its way), charge_over (too old).
 */
export async function cancelCharge(actor: Actor, { storeId, chargeId }: { storeId: string; chargeId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "charges.make");
    const [charge] = isId(chargeId) ? await tx.select().from(charges).where(and(eq(charges.id, chargeId), eq(charges.storeId, storeId))).for("no key update") : [];
    if (!charge) throw new DomainError("not_found");
    const [paid] = charge.transactionId ? await tx.select({ status: transactions.status }).from(transactions).where(eq(transactions.id, charge.transactionId)) : [];
    const state = chargeStateOf({ transaction: paid?.status ?? null, cancelledAt: charge.cancelledAt, expiresAt: charge.expiresAt }, new Date());
    if (state === "cancelled") return;
    const [hold] = await tx.execute<{ is_reported: boolean }>(fragment`SELECT is_reported FROM charge_hold(${charge.id}::uuid)`);
    if (hold?.is_reported) throw new DomainError("charge_paid");
    if (state !== "open" && !(state === "expired" && hold)) throw new DomainError(state === "expired" ? "charge_over" : "charge_paid");
    await tx.update(charges).set({ cancelledAt: new Date() }).where(eq(charges.id, charge.id));
    await recordAudit(tx, { action: "charge.cancelled", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "charge", resourceId: charge.id, metadata: { store_id: storeId } });
    await recordEvent(tx, { name: "charge_cancelled", properties: { store_id: storeId }, userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent });
    if (charge.customerId) await hintPerson(tx, charge.customerId);
  });
}
