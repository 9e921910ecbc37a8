import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { keyExports, signingKeys } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { requireStepUp } from "@/lib/auth/step-up";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { warnPerson } from "@/lib/notifications/warn-person";
import { requireUnfrozen } from "./require-unfrozen";
import { accountsOf } from "./queries";
import { KEY_EXPORT_SECONDS } from "./rules";

/** A raw, uncompressed P-256 point (65 bytes, the first 0x04), base64url without padding. */
const RECIPIENT_KEY = /^B[A-Za-z0-9_-]{86}$/;

/**
 * Asks the worker to seal the managed key to a key that only the asking browser holds (lib/accounts/seal-key-export). Afterwards
 * whoever has the copy can move the money, so it is told on every device.
 * Fails with: invalid_input, account_frozen, custody_not_managed (no key of ours is left), step_up_required, step_up_waiting.
 */
export async function requestKeyExport(actor: Actor, { recipientKey }: { recipientKey: string }): Promise<{ exportId: string }> {
  if (!RECIPIENT_KEY.test(recipientKey)) throw new DomainError("invalid_input");
  const { userId, sessionId, ip, userAgent } = actor;
  const accounts = await accountsOf(userId);
  return db.transaction(async (tx) => {
    await requireUnfrozen(tx, userId);
    await requireStepUp(tx, actor, "key_export");
    const [key] = await tx.select({ address: signingKeys.address }).from(signingKeys).where(and(eq(signingKeys.userId, userId), eq(signingKeys.isActive, true)));
    if (!key || !accounts.some(({ custody }) => custody === "managed")) throw new DomainError("custody_not_managed");
    const exportId = newId();
    await tx.insert(keyExports).values({ id: exportId, userId, sessionId, recipientKey, expiresAt: sql`now() + make_interval(secs => ${KEY_EXPORT_SECONDS})` });
    await recordAudit(tx, { action: "account.key_exported", userId, ip, userAgent, resourceType: "key", resourceId: exportId, newValues: { address: key.address } });
    await warnPerson(tx, { userId, kind: "key_exported", sessionId });
    await enqueue(tx, "accounts.export_key", { exportId }, { key: `accounts.export_key:${exportId}` });
    return { exportId };
  });
}
