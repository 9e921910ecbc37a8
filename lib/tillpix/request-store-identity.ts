import "server-only";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { tillPixAccounts } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { mayTryAgain } from "@/lib/identity/rules";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { requirePermission } from "@/lib/team/require-permission";
import { isTillPixOffered, storeIdentityOf } from "./offered";

/**
 * The owner asks for the provider's check of the store, or for another link after a rejection or one that ran out; the worker gets it. Safe to repeat:
 * what is under way stays as it is. Fails with not_found, forbidden, unavailable, identity_final, too_many_requests.
 */
export async function requestStoreIdentity(actor: Actor, storeId: string): Promise<void> {
  await requirePermission(db, actor, storeId, "settings.manage");
  if (!(await isTillPixOffered(actor.userId))) throw new DomainError("unavailable");
  await consumeLimit(db, "identity_check_account", actor.userId);
  await db.transaction(async (tx) => {
    const known = await storeIdentityOf(storeId, tx);
    if (known?.status === "rejected" && !known.isRetryable) throw new DomainError("identity_final");
    if (known && known.status !== "requested" && !mayTryAgain(known)) return;
    // Column by column: this role may write no other.
    const [made] = known
      ? await tx.update(tillPixAccounts).set({ askedAt: new Date(), askedBy: actor.userId }).where(eq(tillPixAccounts.id, known.id)).returning({ id: tillPixAccounts.id })
      : await tx.execute<{ id: string }>(sql`
          INSERT INTO till_pix_accounts (id, store_id, provider, asked_by) VALUES (${newId()}, ${storeId}, ${env().TOPUP_PROVIDER}, ${actor.userId})
          ON CONFLICT (store_id, provider) DO UPDATE SET asked_at = now() RETURNING id`);
    if (!made) return;
    await recordAudit(tx, { action: "till_pix.identity_requested", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId });
    await enqueue(tx, "tillpix.identity", { accountId: made.id }, { key: `tillpix.identity:${made.id}` });
  });
}
