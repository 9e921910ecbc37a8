import "server-only";
import { and, asc, eq, isNotNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { codeChecks, storeMembers, stores, transactions, users } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { PIX_PAYER } from "@/lib/live/rules";
import { requirePermission } from "@/lib/team/require-permission";

const CONFIRMATION_CODE = /^[A-HJ-NP-Z2-9]{6}$/;

/** A payment as the answer to its code shows it. JSON: amounts are integers as text, times ISO. */
export type CheckedPayment = { code: string; amountUsdMicros: string; amountBrlCentavos: string | null; payerName: string | null; isPayerRemoved: boolean; paidAt: string; isToday: boolean };

export type CodeAnswer =
  | { answer: "paid"; payment: CheckedPayment }
  /** Somebody asked before: a customer may be showing an old screen. */
  | { answer: "already_checked"; payment: CheckedPayment; checkedAt: string; checkedBy: string | null; isOwnCheck: boolean }
  /** It is there and not settled now: wait for the green screen. */
  | { answer: "checking" }
  | { answer: "not_found" }
  | { answer: "not_this_store" }
  /** Named only to a member of that other store too. */
  | { answer: "other_store"; storeName: string };

/**
 * Whether a code is a payment of this store. The first who asks hears "paid", everybody later "already checked", when and by whom, also when two
 * tills ask in the same instant. Payments of other stores stay theirs: see the answers above.
 * Fails with: not_found, forbidden, confirmation_code_invalid, too_many_requests (10 a minute and person).
 */
export async function checkCode(actor: Actor, storeId: string, typedCode: string): Promise<CodeAnswer> {
  await requirePermission(db, actor, storeId, "code.check");
  const code = typedCode.replace(/[\s-]/g, "").toUpperCase();
  if (!CONFIRMATION_CODE.test(code)) throw new DomainError("confirmation_code_invalid");
  // Outside the transaction: a try counts whatever comes of it.
  await consumeLimit(db, "code_check_account", actor.userId);
  return db.transaction(async (tx) => {
    const answer = (await answerOfStore(tx, actor, storeId, code)) ?? (await answerOfOthers(tx, actor, storeId, code));
    await recordEvent(tx, { name: "code_checked", userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, properties: { storeId, answer: answer.answer } });
    return answer;
  });
}

async function answerOfStore(tx: Tx, actor: Actor, storeId: string, code: string): Promise<CodeAnswer | null> {
  const [found] = await tx
    .select({
      id: transactions.id,
      status: transactions.status,
      amountUsdMicros: transactions.amountUsdMicros,
      amountBrlCentavos: transactions.amountBrlCentavos,
      paidAt: sql<Date>`coalesce(${transactions.confirmedAt}, ${transactions.createdAt})`.mapWith(transactions.createdAt),
      isToday: sql<boolean>`coalesce(${transactions.confirmedAt}, ${transactions.createdAt}) >= date_trunc('day', now(), coalesce(${stores.timeZone}, 'America/Sao_Paulo'))`,
      payerName: sql<string | null>`CASE WHEN ${transactions.origin} = 'pix' THEN ${PIX_PAYER} WHEN coalesce(${users.hideName}, false) THEN NULL ELSE nullif(split_part(btrim(${users.name}), ' ', 1), '') END`,
      isPayerRemoved: sql<boolean>`${users.deletedAt} IS NOT NULL`,
    })
    .from(transactions)
    .innerJoin(stores, eq(stores.id, transactions.storeId))
    .leftJoin(users, eq(users.id, transactions.fromUserId))
    .where(and(eq(transactions.storeId, storeId), eq(transactions.confirmationCode, code), eq(transactions.type, "payment")));
  if (!found) return null;
  if (found.status === "pending") return { answer: "checking" };
  if (found.status === "failed") return { answer: "not_found" };

  // One at a time for this payment: the web role may not lock the transaction's row.
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`code_check:${found.id}`}, 0))`);
  const [first] = await tx
    .select({ at: codeChecks.createdAt, userId: codeChecks.checkedBy, name: users.name })
    .from(codeChecks)
    .innerJoin(users, eq(users.id, codeChecks.checkedBy))
    .where(eq(codeChecks.transactionId, found.id))
    .orderBy(asc(codeChecks.createdAt), asc(codeChecks.id))
    .limit(1);
  // The clock of this moment, not of the transaction's start, which may lie before the lock.
  await tx.insert(codeChecks).values({ id: newId(), transactionId: found.id, storeId, checkedBy: actor.userId, createdAt: sql`clock_timestamp()` });
  await recordAudit(tx, { action: "store.code_checked", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "transaction", resourceId: found.id, metadata: { storeId, isFirst: !first } });
  const payment = {
    code,
    amountUsdMicros: found.amountUsdMicros.toString(),
    amountBrlCentavos: found.amountBrlCentavos?.toString() ?? null,
    payerName: found.payerName,
    isPayerRemoved: found.isPayerRemoved,
    paidAt: found.paidAt.toISOString(),
    isToday: found.isToday,
  };
  if (!first) return { answer: "paid", payment };
  return { answer: "already_checked", payment, checkedAt: first.at.toISOString(), checkedBy: first.name, isOwnCheck: first.userId === actor.userId };
}

/** Another store's code: its name for a person who works there too, and nothing but "not yours" for everybody else. */
async function answerOfOthers(tx: Tx, actor: Actor, storeId: string, code: string): Promise<CodeAnswer> {
  const others = await tx
    .select({ storeName: stores.name, memberId: storeMembers.id })
    .from(transactions)
    .innerJoin(stores, eq(stores.id, transactions.storeId))
    .leftJoin(storeMembers, and(eq(storeMembers.storeId, stores.id), eq(storeMembers.userId, actor.userId), isNotNull(storeMembers.acceptedAt)))
    .where(and(eq(transactions.confirmationCode, code), eq(transactions.status, "confirmed"), sql`${transactions.storeId} <> ${storeId}`));
  const own = others.find(({ memberId }) => memberId !== null);
  if (own) return { answer: "other_store", storeName: own.storeName };
  return { answer: others.length > 0 ? "not_this_store" : "not_found" };
}
