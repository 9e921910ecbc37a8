import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { notices, refunds, stores, transactions } from "@/db/schema";
import { notify } from "@/lib/notifications/notify";

/** Tells the payer that money of a purchase is back, once. Worker only; safe to repeat. */
export async function tellPayer(refundId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [refund] = await tx
      .select({ userId: transactions.toUserId, store: stores.name, amountBrlCentavos: refunds.amountBrlCentavos })
      .from(refunds)
      .innerJoin(transactions, eq(transactions.id, refunds.transactionId))
      .innerJoin(stores, eq(stores.id, refunds.storeId))
      .where(and(eq(refunds.id, refundId), eq(refunds.status, "refunded")))
      .for("no key update", { of: refunds });
    if (!refund?.userId) return;
    const [told] = await tx.select({ id: notices.id }).from(notices).where(and(eq(notices.userId, refund.userId), eq(notices.kind, "refund_paid"), sql`${notices.data}->>'refundId' = ${refundId}`));
    if (told) return;
    await notify(tx, { userId: refund.userId, kind: "refund_paid", data: { refundId, store: refund.store, amountBrlCentavos: refund.amountBrlCentavos.toString() } });
  });
}
