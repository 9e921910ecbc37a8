import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { receiptLinks } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";

/** Ends one of the person's links at once; ending it again changes nothing. Fails with not_found, also for another person's link. */
export async function revokeReceiptLink(actor: Actor, linkId: string): Promise<void> {
  if (!isId(linkId)) throw new DomainError("not_found");
  await db.transaction(async (tx) => {
    const [link] = await tx.select({ transactionId: receiptLinks.transactionId }).from(receiptLinks).where(and(eq(receiptLinks.id, linkId), eq(receiptLinks.createdBy, actor.userId)));
    if (!link) throw new DomainError("not_found");
    const ended = await tx.update(receiptLinks).set({ revokedAt: sql`now()` }).where(and(eq(receiptLinks.id, linkId), isNull(receiptLinks.revokedAt))).returning({ id: receiptLinks.id });
    if (ended.length === 0) return;
    await recordAudit(tx, { action: "receipt.link_revoked", userId: actor.userId, resourceType: "transaction", resourceId: link.transactionId, ip: actor.ip, userAgent: actor.userAgent, oldValues: { linkId } });
  });
}
