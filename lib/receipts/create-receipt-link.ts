import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { and, count, eq, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { receiptLinks, transactions } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { isId, newId } from "@/lib/ids";
import { paths } from "@/lib/paths";
import { RECEIPT_LINKS_MAX } from "./rules";

const SECRET_BYTES = 16;

/** The hash under which a link's secret is kept. */
export const hashReceiptSecret = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/**
 * A link with which anybody checks the payer's receipt, until it is revoked. It is told once: only its hash is kept.
 * Fails with: not_found (no payment of this payer's at a store), receipt_not_paid, receipt_links_limit.
 */
export async function createReceiptLink(actor: Actor, transactionId: string): Promise<{ url: string }> {
  if (!isId(transactionId)) throw new DomainError("not_found");
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  await db.transaction(async (tx) => {
    // The payment's row is the chain's to write and is not locked here; links of one receipt wait for each other.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`receipt:${transactionId}`}, 0))`);
    const [payment] = await tx
      .select({ status: transactions.status, storeId: transactions.storeId })
      .from(transactions)
      .where(and(eq(transactions.id, transactionId), eq(transactions.fromUserId, actor.userId), eq(transactions.type, "payment")));
    if (!payment?.storeId) throw new DomainError("not_found");
    if (payment.status !== "confirmed") throw new DomainError("receipt_not_paid");
    const [open] = await tx.select({ links: count() }).from(receiptLinks).where(and(eq(receiptLinks.transactionId, transactionId), isNull(receiptLinks.revokedAt)));
    if ((open?.links ?? 0) >= RECEIPT_LINKS_MAX) throw new DomainError("receipt_links_limit");
    const id = newId();
    await tx.insert(receiptLinks).values({ id, transactionId, createdBy: actor.userId, secretHash: hashReceiptSecret(secret) });
    await recordAudit(tx, { action: "receipt.link_created", userId: actor.userId, resourceType: "transaction", resourceId: transactionId, ip: actor.ip, userAgent: actor.userAgent, newValues: { linkId: id } });
  });
  return { url: new URL(paths.sharedReceipt(secret), env().APP_URL).href };
}
