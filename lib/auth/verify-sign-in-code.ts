import "server-only";
import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { signInCodes, users } from "@/db/schema";
import { isAccountReady } from "@/lib/accounts/queries";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { consumeLimit, refundLimit } from "@/lib/rate-limit/consume-limit";
import type { Visitor } from "./actor";
import { addressGroup } from "./client-address";
import { maskPhone, parsePhone } from "./phone";
import { CODE_RESEND_SECONDS, CODE_TRIES, parseCode } from "./rules";
import { matchesSignInCode } from "./sign-in-code";
import { startSessionRow } from "./start-session-row";

export type SignedIn = { userId: string; sessionId: string; name: string | null; isNew: boolean; /** The cookie's exact value. */ token: string };

/**
 * Uses up a code and starts a session; the first time for a phone it makes the person. One code makes one session, however many
 * requests bring it at once.
 * Fails with: phone_invalid, phone_country_unsupported, code_wrong {triesLeft}, code_locked {seconds}, code_expired (also used or
 * never sent), too_many_requests {seconds}.
 */
export async function verifySignInCode(visitor: Visitor, input: { phone: string; code: string }): Promise<SignedIn> {
  const phone = parsePhone(input.phone).number;
  const address = visitor.ip ? addressGroup(visitor.ip) : "unknown";
  const code = parseCode(input.code);
  await consumeLimit(db, "code_try_phone", phone);
  await consumeLimit(db, "code_try_device", visitor.deviceId);
  await consumeLimit(db, "code_try_address", address);
  const codeId = await tryCode(phone, code);

  return db.transaction(async (tx) => {
    const [used] = await tx
      .update(signInCodes)
      .set({ consumedAt: sql`now()` })
      .where(and(eq(signInCodes.id, codeId), isNull(signInCodes.consumedAt)))
      .returning({ deviceId: signInCodes.deviceId, ipAddress: signInCodes.ipAddress });
    if (!used) throw new DomainError("code_expired");
    const user = await findOrCreateUser(tx, visitor, phone);
    const session = await startSessionRow(tx, visitor, { userId: user.id, method: "phone" });
    await recordEvent(tx, {
      name: user.isNew ? "signed_up" : "signed_in",
      userId: user.id,
      sessionId: session.id,
      deviceId: visitor.deviceId,
      ip: visitor.ip,
      userAgent: visitor.userAgent,
    });
    // The code was wanted and the person is real: what it counted is given back, where it was counted.
    await refundLimit(tx, "code_send_phone", phone);
    await refundLimit(tx, "code_send_day_phone", phone);
    if (used.deviceId) await refundLimit(tx, "code_send_device", used.deviceId);
    await refundLimit(tx, "code_send_address", used.ipAddress ? addressGroup(used.ipAddress) : "unknown");
    await refundLimit(tx, "code_try_phone", phone);
    await refundLimit(tx, "code_try_device", visitor.deviceId);
    await refundLimit(tx, "code_try_address", address);
    return { userId: user.id, sessionId: session.id, name: user.name, isNew: user.isNew, token: session.token };
  });
}

/**
 * Spends one try on the phone's latest code and compares. The try is counted, and committed, before the comparison, so guesses
 * sent at once cannot outrun the count.
 */
async function tryCode(phone: string, code: string | null): Promise<string> {
  const [latest] = await db
    .select({ id: signInCodes.id })
    .from(signInCodes)
    .where(eq(signInCodes.phone, phone))
    .orderBy(desc(signInCodes.createdAt))
    .limit(1);
  if (!latest) throw new DomainError("code_expired");
  const [tried] = await db
    .update(signInCodes)
    .set({ attempts: sql`${signInCodes.attempts} + 1` })
    .where(and(eq(signInCodes.id, latest.id), isNull(signInCodes.consumedAt), sql`${signInCodes.expiresAt} > now()`, lt(signInCodes.attempts, CODE_TRIES)))
    .returning({ codeHash: signInCodes.codeHash, attempts: signInCodes.attempts });
  if (!tried) throw await whyNotTried(latest.id);
  if (code !== null && matchesSignInCode({ id: latest.id, phone }, code, tried.codeHash)) return latest.id;
  if (tried.attempts >= CODE_TRIES) throw await whyNotTried(latest.id);
  throw new DomainError("code_wrong", { triesLeft: CODE_TRIES - tried.attempts });
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

type User = { id: string; name: string | null; isNew: boolean };

/** Two sign-ins of one new phone meet at the unique phone: one inserts, the other reads what it inserted. */
async function findOrCreateUser(tx: Tx, visitor: Visitor, phone: string): Promise<User> {
  const [created] = await tx
    .insert(users)
    .values({ id: newId(), phone, phoneVerifiedAt: sql`now()`, preferredChainId: env().DEFAULT_CHAIN_ID, locale: visitor.locale })
    .onConflictDoNothing({ target: users.phone })
    .returning({ id: users.id });
  if (created) {
    await recordAudit(tx, {
      action: "user.created",
      userId: created.id,
      resourceType: "user",
      resourceId: created.id,
      ip: visitor.ip,
      userAgent: visitor.userAgent,
      newValues: { phone: maskPhone(phone), locale: visitor.locale },
    });
    await enqueue(tx, "accounts.provision", { userId: created.id }, { key: `accounts.provision:${created.id}` });
    return { id: created.id, name: null, isNew: true };
  }
  const [known] = await tx
    .update(users)
    .set({ phoneVerifiedAt: sql`now()` })
    .where(eq(users.phone, phone))
    .returning({ id: users.id, name: users.name });
  invariant(known, "a phone that conflicts has its row");
  // A chain that was enabled since, or a provisioning that failed for good, is made up for here.
  if (!(await isAccountReady(known.id, tx))) await enqueue(tx, "accounts.provision", { userId: known.id }, { key: `accounts.provision:${known.id}` });
  return { ...known, isNew: false };
}
