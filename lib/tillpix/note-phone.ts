import "server-only";
import { and, eq, isNull, lt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { stores, tillPix } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor, Visitor } from "@/lib/auth/actor";
import { addressGroup } from "@/lib/auth/client-address";
import { maskPhone, parsePhone, shownPhone } from "@/lib/auth/phone";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import type { Locale } from "@/lib/i18n/locale";
import { enqueue } from "@/lib/jobs/enqueue";
import { queueMessage } from "@/lib/notifications/notify";
import { paths } from "@/lib/paths";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { requirePermission } from "@/lib/team/require-permission";
import { phoneHashOf } from "@/lib/transfers/payee";
import { rewardMessage } from "./messages";
import { PHONE_CHANGES_MAX, PIX_SECRET } from "./rules";
import { hashPixSecret, pixSecretOf } from "./secret";

type By = { userId: string | null; ip: string | null; userAgent: string | null; locale: Locale };

/**
 * The customer's phone, typed at the till. The answer is the same for every number: nothing tells whether somebody has it. Fails with not_found,
 * forbidden, phone_invalid, phone_country_unsupported, pix_reward_gone, too_many_requests.
 */
export async function noteTillPhone(actor: Actor, { storeId, pixId, phone }: { storeId: string; pixId: string; phone: string }): Promise<void> {
  await requirePermission(db, actor, storeId, "charges.make");
  if (!isId(pixId)) throw new DomainError("not_found");
  const { number } = parsePhone(phone);
  const [row] = await db.select({ id: tillPix.id }).from(tillPix).where(and(eq(tillPix.id, pixId), eq(tillPix.storeId, storeId)));
  if (!row) throw new DomainError("not_found");
  await consumeLimit(db, "phone_send_account", actor.userId);
  await note({ userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, locale: actor.locale }, row.id, number);
}

/** The same from the receipt's page, by whoever has its secret. Fails with not_found, phone_invalid, phone_country_unsupported, pix_reward_gone, too_many_requests. */
export async function noteReceiptPhone(visitor: Visitor, { secret, phone }: { secret: string; phone: string }): Promise<void> {
  await consumeLimit(db, "till_phone_address", visitor.ip ? addressGroup(visitor.ip) : "unknown");
  if (!PIX_SECRET.test(secret)) throw new DomainError("not_found");
  const { number } = parsePhone(phone);
  const [row] = await db.select({ id: tillPix.id }).from(tillPix).where(eq(tillPix.secretHash, hashPixSecret(secret)));
  if (!row) throw new DomainError("not_found");
  await note({ userId: null, ip: visitor.ip, userAgent: visitor.userAgent, locale: visitor.locale }, row.id, number);
}

async function note(by: By, pixId: string, phone: string): Promise<void> {
  const hash = phoneHashOf(phone);
  await db.transaction(async (tx) => {
    const [row] = await tx.select({ pix: tillPix, store: stores.name }).from(tillPix).innerJoin(stores, eq(stores.id, tillPix.storeId)).where(eq(tillPix.id, pixId));
    if (!row || (row.pix.status !== "paid" && row.pix.status !== "converting")) throw new DomainError("not_found");
    // The same number again sends nothing twice.
    if (row.pix.phoneHash === hash) return;
    await consumeLimit(tx, "phone_send_phone", phone);
    const [noted] = await tx
      .update(tillPix)
      .set({ phoneHash: hash, phoneShown: shownPhone(phone), phoneChanges: sql`${tillPix.phoneChanges} + 1` })
      .where(and(eq(tillPix.id, pixId), isNull(tillPix.claimedBy), lt(tillPix.phoneChanges, PHONE_CHANGES_MAX)))
      .returning({ id: tillPix.id });
    if (!noted) throw new DomainError("pix_reward_gone");
    await recordAudit(tx, {
      action: "till_pix.phone_noted", userId: by.userId, ip: by.ip, userAgent: by.userAgent, resourceType: "store", resourceId: row.pix.storeId, newValues: { phone: maskPhone(phone) }, metadata: { tillPixId: pixId },
    });
    await queueMessage(tx, { to: phone, body: rewardMessage(by.locale, { store: row.store, link: new URL(paths.pixReceipt(pixSecretOf(pixId)), env().APP_URL).href }) });
    // Whoever has an account gets it at once; nobody at the till sees the difference.
    const [holder] = await tx.execute<{ id: string }>(sql`SELECT id FROM users WHERE phone = ${phone} AND phone_verified_at IS NOT NULL AND deleted_at IS NULL`);
    if (holder) await tx.execute(sql`SELECT till_pix_claim(${holder.id}, ${pixId}, ${hash}, ${shownPhone(phone)})`);
    await enqueue(tx, "tillpix.reward", { pixId }, { key: `tillpix.reward:${pixId}` });
  });
}
