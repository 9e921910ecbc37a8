import "server-only";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { storeIdentities } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { mayTryAgain } from "@/lib/identity/rules";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { requirePermission } from "@/lib/team/require-permission";
import { storeIdentityOf } from "./queries";
import type { ReturnPage } from "./rules";

/**
 * The owner asks for the partner's check of the store, or for another link after a rejection or one that ran out; the worker gets it. One check serves Pix at
 * the till and payouts. Safe to repeat: what is under way stays as it is. Fails with not_found, forbidden, unavailable (no partner is set up here),
 * identity_final, too_many_requests.
 */
export async function requestStoreIdentity(actor: Actor, { storeId, returnTo }: { storeId: string; returnTo: ReturnPage }): Promise<void> {
  await requirePermission(db, actor, storeId, "settings.manage");
  if (!env().AVENIA_BASE_URL) throw new DomainError("unavailable");
  await consumeLimit(db, "identity_check_account", actor.userId);
  await db.transaction(async (tx) => {
    const known = await storeIdentityOf(storeId, tx);
    if (known?.status === "rejected" && !known.isRetryable) throw new DomainError("identity_final");
    if (known && known.status !== "requested" && !mayTryAgain(known)) return;
    // Column by column: this role may write no other.
    if (known) await tx.update(storeIdentities).set({ askedAt: new Date(), askedBy: actor.userId }).where(eq(storeIdentities.id, known.id));
    else {
      await tx.execute(sql`
        INSERT INTO store_identities (id, store_id, provider, asked_by) VALUES (${newId()}, ${storeId}, ${env().TOPUP_PROVIDER}, ${actor.userId})
        ON CONFLICT (store_id, provider) DO UPDATE SET asked_at = now()`);
    }
    await recordAudit(tx, { action: "till_pix.identity_requested", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId });
    await enqueue(tx, "store_identity.start", { storeId, returnTo }, { key: `store_identity.start:${storeId}` });
  });
}
