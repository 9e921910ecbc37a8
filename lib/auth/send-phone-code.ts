import "server-only";
import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { sessions, signInCodes, users } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { codeMessage } from "@/lib/notifications/code-message";
import { sendMessage } from "@/lib/notifications/send-message";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import type { Visitor } from "./actor";
import { addressGroup } from "./client-address";
import type { Phone } from "./phone";
import { CODE_LIFETIME_SECONDS, CODE_RESEND_SECONDS, type CodePurpose } from "./rules";
import { hashDevice } from "./session-token";
import { hashSignInCode, newSignInCode } from "./sign-in-code";

/**
 * Sends a code to a phone. It works on the device that asked and nowhere else, so codes that strangers ask for neither end the owner's nor
 * can be used by them; an earlier one of the same device stops working. Whether the phone has an account changes no answer.
 * Fails with: code_resend_wait {seconds}, too_many_requests {seconds}, phone_invalid, message_not_sent.
 */
export async function sendPhoneCode(visitor: Visitor, { phone, purpose }: { phone: Phone; purpose: CodePurpose }) {
  const code = newSignInCode();
  const id = newId();
  const ofThisDevice = and(eq(signInCodes.phone, phone.number), eq(signInCodes.deviceId, visitor.deviceId), eq(signInCodes.purpose, purpose));

  await db.transaction(async (tx) => {
    // One sender at a time for a phone: two taps must not make two live codes.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`sign-in-code:${phone.number}`}, 0))`);
    const [latest] = await tx
      .select({ consumedAt: signInCodes.consumedAt, ageSeconds: sql<number>`extract(epoch FROM now() - ${signInCodes.createdAt})::float8` })
      .from(signInCodes)
      .where(ofThisDevice)
      .orderBy(desc(signInCodes.createdAt))
      .limit(1);
    const seconds = latest && !latest.consumedAt ? Math.ceil(CODE_RESEND_SECONDS - latest.ageSeconds) : 0;
    // A code that was used stops no further one: whoever signs in again need not wait.
    if (seconds > 0) throw new DomainError("code_resend_wait", { seconds });
    const subject = await phoneSubject(tx, visitor, phone.number);
    await consumeLimit(tx, "code_send_phone", subject);
    await consumeLimit(tx, "code_send_day_phone", subject);
    await consumeLimit(tx, "code_send_device", visitor.deviceId);
    await consumeLimit(tx, "code_send_address", visitor.ip ? addressGroup(visitor.ip) : "unknown");
    await tx.update(signInCodes).set({ expiresAt: sql`now()` }).where(and(ofThisDevice, isNull(signInCodes.consumedAt), gt(signInCodes.expiresAt, sql`now()`)));
    await tx.insert(signInCodes).values({
      id,
      phone: phone.number,
      purpose,
      codeHash: hashSignInCode({ id, phone: phone.number, purpose }, code),
      deviceId: visitor.deviceId,
      ipAddress: visitor.ip,
      expiresAt: sql`now() + make_interval(secs => ${CODE_LIFETIME_SECONDS})`,
    });
    await recordEvent(tx, { name: "sign_in_code_requested", deviceId: visitor.deviceId, ip: visitor.ip, userAgent: visitor.userAgent });
  });

  try {
    await sendMessage({ to: phone.number, body: codeMessage({ code, purpose, locale: visitor.locale, appUrl: env().APP_URL }) });
  } catch (error) {
    // Nothing arrived, so nobody should wait for it; the limits still count the try.
    await db.delete(signInCodes).where(eq(signInCodes.id, id));
    throw error;
  }
  return { phone: phone.number, phoneShown: phone.shown, resendSeconds: CODE_RESEND_SECONDS };
}

/**
 * What the limits by phone count: the phone, or the phone on a device that its person has used. Strangers who ask for somebody's codes until
 * the phone has had enough do not lock out the person, whose own devices count for themselves.
 */
export async function phoneSubject(tx: Tx, { deviceId }: Pick<Visitor, "deviceId">, phone: string): Promise<string> {
  const [known] = await tx
    .select({ id: sessions.id })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(users.phone, phone), eq(sessions.deviceHash, hashDevice(deviceId))))
    .limit(1);
  return known ? `${phone}:${deviceId}` : phone;
}
