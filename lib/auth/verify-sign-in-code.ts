import "server-only";
import { eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { users } from "@/db/schema";
import { isAccountReady } from "@/lib/accounts/queries";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import { env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { recordSignUpConsents } from "@/lib/privacy/record-consents";
import type { Visitor } from "./actor";
import { maskPhone, parsePhone } from "./phone";
import { startSessionRow } from "./start-session-row";
import { tryPhoneCode, usePhoneCode } from "./use-phone-code";

export type SignedIn = { userId: string; sessionId: string; name: string | null; isNew: boolean; /** The cookie's exact value. */ token: string };

/**
 * Uses up a code and starts a session; the first time for a phone it makes the person. One code makes one session, however many
 * requests bring it at once.
 * Fails with: phone_invalid, phone_country_unsupported, code_wrong {triesLeft}, code_locked {seconds}, code_expired (also used or
 * never sent), code_other_device, too_many_requests {seconds}.
 */
export async function verifySignInCode(visitor: Visitor, input: { phone: string; code: string }): Promise<SignedIn> {
  const phone = parsePhone(input.phone).number;
  const right = await tryPhoneCode(visitor, { phone, code: input.code, purpose: "sign_in" });
  return db.transaction(async (tx) => {
    await usePhoneCode(tx, visitor, right);
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
    return { userId: user.id, sessionId: session.id, name: user.name, isNew: user.isNew, token: session.token };
  });
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
    await recordSignUpConsents(tx, { userId: created.id, ip: visitor.ip });
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
