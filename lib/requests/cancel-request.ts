import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { paymentRequests, transactions } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { requestStateOf } from "./rules";

/**
 * The requester takes a request back. Who pays in the same moment is first or is told. Safe to repeat.
 * Fails with not_found (also somebody else's), request_paid (also on its way), request_over (too old).
 */
export async function cancelRequest(actor: Actor, reference: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [request] = await tx.select().from(paymentRequests).where(and(eq(paymentRequests.reference, reference), eq(paymentRequests.requesterId, actor.userId))).for("update");
    if (!request) throw new DomainError("not_found");
    const [paid] = request.transactionId ? await tx.select({ status: transactions.status }).from(transactions).where(eq(transactions.id, request.transactionId)) : [];
    const state = requestStateOf({ transaction: paid?.status ?? null, cancelledAt: request.cancelledAt, expiresAt: request.expiresAt }, new Date());
    if (state === "cancelled") return;
    if (state !== "open") throw new DomainError(state === "expired" ? "request_over" : "request_paid");
    await tx.update(paymentRequests).set({ cancelledAt: new Date() }).where(eq(paymentRequests.id, request.id));
    await recordAudit(tx, { action: "request.cancelled", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "request", resourceId: request.id });
  });
}
