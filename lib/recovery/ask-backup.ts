import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { and, eq, inArray, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { backupRequests } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { maskPhone, parsePhone } from "@/lib/auth/phone";
import { requireStepUp } from "@/lib/auth/step-up";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { queueMessage } from "@/lib/notifications/notify";
import { paths } from "@/lib/paths";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { recoveryMessages } from "./messages";
import { BACKUP_REQUEST_DAYS, plainFirstName } from "./rules";

/** The hash under which a message's token is kept. */
export const hashBackupToken = (token: string): string => createHash("sha256").update(token).digest("hex");

/**
 * Asks a phone to be this person's backup: it gets a text message with a link that is good for a week. The answer is the same whether
 * or not that phone has an account.
 * Fails with: phone_invalid, phone_country_unsupported, backup_invalid (the own phone), step_up_required, step_up_waiting,
 * backup_pending (one is asked or accepted already), too_many_requests.
 */
export async function askBackup(actor: Actor, input: { phone: string; country: string }): Promise<void> {
  const phone = parsePhone(input.phone, input.country).number;
  if (phone === actor.phone) throw new DomainError("backup_invalid");
  const token = randomBytes(16).toString("base64url");
  await db.transaction(async (tx) => {
    await requireStepUp(tx, actor, "backup_phone");
    await consumeLimit(tx, "backup_ask_account", actor.userId);
    await consumeLimit(tx, "backup_ask_phone", phone);
    // A request that nobody answered in its time makes room.
    await tx.update(backupRequests).set({ status: "withdrawn" }).where(and(eq(backupRequests.userId, actor.userId), eq(backupRequests.status, "asked"), sql`${backupRequests.expiresAt} <= now()`));
    const [open] = await tx.select({ id: backupRequests.id }).from(backupRequests).where(and(eq(backupRequests.userId, actor.userId), inArray(backupRequests.status, ["asked", "accepted"])));
    if (open) throw new DomainError("backup_pending");
    const [asked] = await tx
      .insert(backupRequests)
      .values({ id: newId(), userId: actor.userId, phone, tokenHash: hashBackupToken(token), expiresAt: sql`now() + make_interval(days => ${BACKUP_REQUEST_DAYS})` })
      .onConflictDoNothing()
      .returning({ id: backupRequests.id });
    // Two requests at once: the other one won.
    if (!asked) throw new DomainError("backup_pending");
    const link = new URL(paths.backupRequest(token), env().APP_URL).href;
    await queueMessage(tx, { to: phone, body: recoveryMessages(actor.locale).asked({ name: plainFirstName(actor.name), link }) });
    await recordAudit(tx, { action: "backup.asked", userId: actor.userId, resourceType: "user", resourceId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, newValues: { phone: maskPhone(phone) } });
  });
}
