import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { db } from "@/db/client";
import { outsidePayments, storeAccounts } from "@/db/schema";
import { invariant } from "@/lib/errors";
import { hintOperations } from "@/lib/operations/hint";
import { queueOperations } from "@/lib/operations/queue-operations";

/**
 * Puts a refund that was asked for into the outbox, as an operation of the store's own account. Safe to repeat: a refund has one operation on
 * its way at a time, and the follower alone takes that one off the row. Worker only.
 */
export async function queueRefund(outsidePaymentId: string): Promise<void> {
  const chainId = await db.transaction(async (tx) => {
    const [payment] = await tx
      .select()
      .from(outsidePayments)
      .where(and(eq(outsidePayments.id, outsidePaymentId), eq(outsidePayments.refundStatus, "requested"), isNull(outsidePayments.refundOperationId)))
      .for("no key update");
    if (!payment) return null;
    const [account] = await tx.select().from(storeAccounts).where(and(eq(storeAccounts.storeId, payment.storeId), eq(storeAccounts.chainId, payment.chainId)));
    invariant(account, "a store that was paid has its account on that chain");
    const [operationId] = await queueOperations([{ chainId: payment.chainId, kind: "guest_refund", subjectId: payment.id, sender: account.address }], tx);
    await tx.update(outsidePayments).set({ refundOperationId: operationId }).where(eq(outsidePayments.id, payment.id));
    return payment.chainId;
  });
  if (chainId) hintOperations(chainId);
}
