import "server-only";
import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { signInCodes } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { sendMessage } from "@/lib/notifications/send-message";
import { signInCodeMessage } from "@/lib/notifications/sign-in-code-message";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import type { Visitor } from "./actor";
import { addressGroup } from "./client-address";
import { parsePhone } from "./phone";
import { CODE_LIFETIME_SECONDS, CODE_RESEND_SECONDS } from "./rules";
import { hashSignInCode, newSignInCode } from "./sign-in-code";

/**
 * Sends a code to a phone; an earlier one stops working. Whether the phone has an account is not looked at, so the answer
 * cannot tell.
 * Fails with: phone_invalid, phone_country_unsupported, code_resend_wait {seconds}, too_many_requests {seconds}, message_not_sent.
 */
export async function sendSignInCode(visitor: Visitor, input: { phone: string; country?: string }) {
  const phone = parsePhone(input.phone, input.country);
  const code = newSignInCode();
  const id = newId();

  await db.transaction(async (tx) => {
    // One sender at a time for a phone: two taps must not make two live codes.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`sign-in-code:${phone.number}`}, 0))`);
    await refuseEarlyResend(tx, phone.number);
    await consumeLimit(tx, "code_send_phone", phone.number);
    await consumeLimit(tx, "code_send_day_phone", phone.number);
    await consumeLimit(tx, "code_send_device", visitor.deviceId);
    await consumeLimit(tx, "code_send_address", visitor.ip ? addressGroup(visitor.ip) : "unknown");
    await tx
      .update(signInCodes)
      .set({ expiresAt: sql`now()` })
      .where(and(eq(signInCodes.phone, phone.number), isNull(signInCodes.consumedAt), gt(signInCodes.expiresAt, sql`now()`)));
    await tx.insert(signInCodes).values({
      id,
      phone: phone.number,
      codeHash: hashSignInCode({ id, phone: phone.number }, code),
      deviceId: visitor.deviceId,
      ipAddress: visitor.ip,
      expiresAt: sql`now() + make_interval(secs => ${CODE_LIFETIME_SECONDS})`,
    });
    await recordEvent(tx, { name: "sign_in_code_requested", deviceId: visitor.deviceId, ip: visitor.ip, userAgent: visitor.userAgent });
  });

  try {
    await sendMessage({ to: phone.number, body: signInCodeMessage({ code, locale: visitor.locale, appUrl: env().APP_URL }) });
  } catch (error) {
    // Nothing arrived, so nobody should wait for it; the limits still count the try.
    await db.delete(signInCodes).where(eq(signInCodes.id, id));
    throw error;
  }
  return { phone: phone.number, phoneShown: phone.shown, resendSeconds: CODE_RESEND_SECONDS };
}

/** A code that was used stops no further one: whoever signs in on a second device need not wait. */
async function refuseEarlyResend(tx: Tx, phone: string) {
  const [latest] = await tx
    .select({ consumedAt: signInCodes.consumedAt, ageSeconds: sql<number>`extract(epoch FROM now() - ${signInCodes.createdAt})::float8` })
    .from(signInCodes)
    .where(eq(signInCodes.phone, phone))
    .orderBy(desc(signInCodes.createdAt))
    .limit(1);
  if (!latest || latest.consumedAt) return;
  const seconds = Math.ceil(CODE_RESEND_SECONDS - latest.ageSeconds);
  if (seconds > 0) throw new DomainError("code_resend_wait", { seconds });
}
