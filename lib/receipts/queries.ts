import "server-only";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { chainCursors, outsidePayments, receiptLinks, refunds, stores, transactions } from "@/db/schema";
import { addressGroup } from "@/lib/auth/client-address";
import { DomainError } from "@/lib/errors";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { hashReceiptSecret } from "./create-receipt-link";
import { RECEIPT_SECRET, RECORD_FRESH_MS, receiptStateOf, type ReceiptState } from "./rules";

/** What a third person sees: store, amount, time, code and its state. Nothing of the payer, and no way to the payer's account on the public record. */
export type SharedReceipt = {
  state: ReceiptState;
  store: { id: string; name: string; place: string | null; qrVersion: number; timeZone: string; legalName: string | null; cnpj: string | null };
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint | null;
  /** Null until the payment is paid, and while a reorg has taken it back. */
  code: string | null;
  at: Date;
  /** When the public record was last read for this, and whether that is now. Null when it was never read. */
  record: { readAt: Date; isFresh: boolean } | null;
};

/**
 * The receipt behind a link, by our rows that mirror the chain. A wrong, a revoked and a malformed secret are one answer.
 * Fails with: not_found, too_many_requests.
 */
export async function openSharedReceipt(visitor: { ip: string | null }, secret: string, now = new Date()): Promise<SharedReceipt> {
  await consumeLimit(db, "receipt_link_address", visitor.ip ? addressGroup(visitor.ip) : "unknown");
  if (!RECEIPT_SECRET.test(secret)) throw new DomainError("not_found");
  const [row] = await db
    .select({
      status: transactions.status,
      amountUsdMicros: transactions.amountUsdMicros,
      amountBrlCentavos: transactions.amountBrlCentavos,
      code: transactions.confirmationCode,
      createdAt: transactions.createdAt,
      confirmedAt: transactions.confirmedAt,
      // Given back in full, either way: a receipt of which something stays paid is still good.
      refundStatus: sql<string | null>`coalesce(${outsidePayments.refundStatus}, (SELECT 'refunded' FROM ${refunds} f WHERE f.original_transaction_id = ${transactions.id} AND f.status = 'refunded' HAVING sum(f.amount_usd) >= ${transactions.amountUsdMicros}))`,
      store: { id: stores.id, name: stores.name, place: stores.address, qrVersion: stores.qrVersion, timeZone: stores.timeZone, legalName: stores.legalName, cnpj: stores.cnpj },
      headMovedAt: chainCursors.headMovedAt,
    })
    .from(receiptLinks)
    .innerJoin(transactions, eq(transactions.id, receiptLinks.transactionId))
    .innerJoin(stores, eq(stores.id, transactions.storeId))
    .leftJoin(outsidePayments, eq(outsidePayments.transactionId, transactions.id))
    .leftJoin(chainCursors, eq(chainCursors.chainId, transactions.chainId))
    .where(and(eq(receiptLinks.secretHash, hashReceiptSecret(secret)), isNull(receiptLinks.revokedAt)));
  if (!row) throw new DomainError("not_found");
  const state = receiptStateOf(row);
  return {
    state,
    store: { ...row.store, qrVersion: row.store.qrVersion ?? 1, timeZone: row.store.timeZone ?? "America/Sao_Paulo" },
    amountUsdMicros: row.amountUsdMicros,
    amountBrlCentavos: row.amountBrlCentavos,
    code: state === "paid" || state === "refunded" ? row.code : null,
    at: row.confirmedAt ?? row.createdAt,
    record: row.headMovedAt === null ? null : { readAt: row.headMovedAt, isFresh: now.getTime() - row.headMovedAt.getTime() <= RECORD_FRESH_MS },
  };
}

export type ReceiptLink = { id: string; createdAt: Date };

/** The person's own links of a payment that still open, newest first. Empty for anybody else's payment. */
export async function listReceiptLinks({ userId }: { userId: string }, transactionId: string): Promise<ReceiptLink[]> {
  return db
    .select({ id: receiptLinks.id, createdAt: receiptLinks.createdAt })
    .from(receiptLinks)
    .where(and(eq(receiptLinks.transactionId, transactionId), eq(receiptLinks.createdBy, userId), isNull(receiptLinks.revokedAt)))
    .orderBy(desc(receiptLinks.id));
}
