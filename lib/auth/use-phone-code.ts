import "server-only";
import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { signInCodes } from "@/db/schema";
import { DomainError } from "@/lib/errors";
import { consumeLimit, refundLimit } from "@/lib/rate-limit/consume-limit";
import type { Visitor } from "./actor";
import { addressGroup } from "./client-address";
import { CODE_RESEND_SECONDS, CODE_TRIES, parseCode, type CodePurpose } from "./rules";
import { phoneSubject } from "./send-phone-code";
import { matchesSignInCode } from "./sign-in-code";

type Try = { /** E.164 */ phone: string; code: string; purpose: CodePurpose };

/** A code that was right. Nothing is proven until `usePhoneCode` has used it up. */
export type RightCode = { id: string; phone: string };

const addressOf = ({ ip }: Visitor) => (ip ? addressGroup(ip) : "unknown");

/**
 * Spends one try on this device's latest code for the phone and compares. The try is counted, and committed, before the comparison, so
 * guesses sent at once cannot outrun the count. Codes of other devices are not touched: a stranger burns no try of the owner's.
 * Fails with: code_wrong {triesLeft}, code_locked {seconds}, code_expired (also used or never sent), code_other_device,
 * too_many_requests {seconds}.
 */
export async function tryPhoneCode(visitor: Visitor, { phone, code: typed, purpose }: Try): Promise<RightCode> {
  const code = parseCode(typed);
  await consumeLimit(db, "code_try_device", visitor.deviceId);
  await consumeLimit(db, "code_try_address", addressOf(visitor));
  const [latest] = await db
    .select({ id: signInCodes.id, isOfThisDevice: sql<boolean>`${signInCodes.deviceId} = ${visitor.deviceId}` })
    .from(signInCodes)
    .where(and(eq(signInCodes.phone, phone), eq(signInCodes.purpose, purpose), sql`(${signInCodes.deviceId} = ${visitor.deviceId} OR (${signInCodes.consumedAt} IS NULL AND ${signInCodes.expiresAt} > now()))`))
    .orderBy(desc(sql`${signInCodes.deviceId} = ${visitor.deviceId}`), desc(signInCodes.createdAt))
    .limit(1);
  if (!latest) throw new DomainError("code_expired");
  if (!latest.isOfThisDevice) throw new DomainError("code_other_device");
  const [tried] = await db
    .update(signInCodes)
    .set({ attempts: sql`${signInCodes.attempts} + 1` })
    .where(and(eq(signInCodes.id, latest.id), isNull(signInCodes.consumedAt), sql`${signInCodes.expiresAt} > now()`, lt(signInCodes.attempts, CODE_TRIES)))
    .returning({ codeHash: signInCodes.codeHash, attempts: signInCodes.attempts });
  if (!tried) throw await whyNotTried(latest.id);
  if (code !== null && matchesSignInCode({ id: latest.id, phone, purpose }, code, tried.codeHash)) return { id: latest.id, phone };
  if (tried.attempts >= CODE_TRIES) throw await whyNotTried(latest.id);
  throw new DomainError("code_wrong", { triesLeft: CODE_TRIES - tried.attempts });
}

/**
 * Uses a right code up in the transaction of what it proves: one code, one effect, however many requests bring it at once.
 * Fails with: code_expired.
 */
export async function usePhoneCode(tx: Tx, visitor: Visitor, { id, phone }: RightCode): Promise<void> {
  const [used] = await tx
    .update(signInCodes)
    .set({ consumedAt: sql`now()` })
    .where(and(eq(signInCodes.id, id), isNull(signInCodes.consumedAt)))
    .returning({ ipAddress: signInCodes.ipAddress });
  if (!used) throw new DomainError("code_expired");
  // The code was wanted and the person is real: what it counted is given back, where it was counted.
  const subject = await phoneSubject(tx, visitor, phone);
  await refundLimit(tx, "code_send_phone", subject);
  await refundLimit(tx, "code_send_day_phone", subject);
  await refundLimit(tx, "code_send_device", visitor.deviceId);
  await refundLimit(tx, "code_send_address", used.ipAddress ? addressGroup(used.ipAddress) : "unknown");
  await refundLimit(tx, "code_try_device", visitor.deviceId);
  await refundLimit(tx, "code_try_address", addressOf(visitor));
}

async function whyNotTried(id: string): Promise<DomainError> {
  const [row] = await db
    .select({
      isLocked: sql<boolean>`${signInCodes.attempts} >= ${CODE_TRIES} AND ${signInCodes.consumedAt} IS NULL AND ${signInCodes.expiresAt} > now()`,
      ageSeconds: sql<number>`extract(epoch FROM now() - ${signInCodes.createdAt})::float8`,
    })
    .from(signInCodes)
    .where(eq(signInCodes.id, id));
  if (!row?.isLocked) return new DomainError("code_expired");
  return new DomainError("code_locked", { seconds: Math.max(1, Math.ceil(CODE_RESEND_SECONDS - row.ageSeconds)) });
}
