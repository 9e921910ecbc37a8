import "server-only";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { identityChecks } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { identityOf } from "./queries";
import { mayTryAgain } from "./rules";

/**
 * Asks for the provider's link, or for another one after a rejection or a link that ran out; the worker gets it. Safe to repeat: what is under
 * way stays as it is. Fails with unavailable (not offered here), identity_final (the provider takes no other attempt), too_many_requests.
 */
export async function requestIdentityCheck(actor: Actor): Promise<void> {
  const { AVENIA_BASE_URL, TOPUP_PROVIDER } = env();
  if (!AVENIA_BASE_URL) throw new DomainError("unavailable");
  await consumeLimit(db, "identity_check_account", actor.userId);
  await db.transaction(async (tx) => {
    const known = await identityOf(actor.userId, tx);
    if (known?.status === "rejected" && !known.isRetryable) throw new DomainError("identity_final");
    if (known && known.status !== "requested" && !mayTryAgain(known)) return;
    const id = known?.id ?? newId();
    if (known) await tx.update(identityChecks).set({ askedAt: new Date() }).where(eq(identityChecks.id, id));
    // Column by column: this role may write no other.
    else await tx.execute(sql`INSERT INTO identity_checks (id, user_id, provider) VALUES (${id}, ${actor.userId}, ${TOPUP_PROVIDER}) ON CONFLICT (user_id, provider) DO NOTHING`);
    const row = await identityOf(actor.userId, tx);
    await recordAudit(tx, { action: "identity_check.requested", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "identity_check", resourceId: row?.id ?? id, metadata: { provider: TOPUP_PROVIDER } });
    await enqueue(tx, "identity.start", { checkId: row?.id ?? id }, { key: `identity.start:${row?.id ?? id}` });
  });
}
