import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { paymentRequests } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { assertPayable } from "@/lib/limits/rules";
import { centsFromTyped, usdMicrosFromBrl, USD_MICROS_PER_CENT, type Currency } from "@/lib/money";
import { currentRate } from "@/lib/rates/queries";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { noteOf } from "@/lib/transfers/rules";
import { REQUEST_DAYS } from "./rules";

/**
 * Asks for money: an amount in the requester's currency and a note, by link. One key is one request, however often it is sent.
 * Fails with amount_*, limit_payment, note_too_long, rate_unavailable, too_many_requests, invalid_input (a key of somebody else).
 */
export async function makeRequest(actor: Actor, input: { key: string; currency: Currency; amountText: string; note: string }, now = new Date()): Promise<{ reference: string }> {
  const cents = centsFromTyped(input.amountText);
  if (cents === 0n) throw new DomainError("amount_missing");
  const note = noteOf(input.note);
  const { brlPerUsdMicros } = await currentRate(now);
  // What nobody could pay is not asked for.
  assertPayable(input.currency === "BRL" ? usdMicrosFromBrl(cents, brlPerUsdMicros) : cents * USD_MICROS_PER_CENT);
  return db.transaction(async (tx) => {
    const own = () => tx.select({ reference: paymentRequests.reference, cents: paymentRequests.amountCents, currency: paymentRequests.currency, note: paymentRequests.note }).from(paymentRequests).where(and(eq(paymentRequests.id, input.key), eq(paymentRequests.requesterId, actor.userId)));
    const [made] = await tx
      .insert(paymentRequests)
      .values({ id: input.key, reference: randomBytes(16).toString("base64url"), requesterId: actor.userId, currency: input.currency, amountCents: cents, note, expiresAt: sql`now() + make_interval(days => ${REQUEST_DAYS})` })
      .onConflictDoNothing()
      .returning({ reference: paymentRequests.reference });
    if (!made) {
      const [earlier] = await own();
      if (!earlier) throw new DomainError("invalid_input");
      if (earlier.cents !== cents || earlier.currency !== input.currency || earlier.note !== note) throw new DomainError("idempotency_mismatch");
      return { reference: earlier.reference };
    }
    await consumeLimit(tx, "request_account", actor.userId);
    await recordAudit(tx, { action: "request.made", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "request", resourceId: input.key, newValues: { currency: input.currency, cents: cents.toString() } });
    await recordEvent(tx, { name: "request_made", userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent });
    return made;
  });
}
