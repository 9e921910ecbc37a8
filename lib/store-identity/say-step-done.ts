import "server-only";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { storeIdentities } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { requirePermission } from "@/lib/team/require-permission";
import { storeIdentityOf } from "./queries";
import type { CompanyStep } from "./rules";

/**
 * Keeps the owner's word that one of the company's two pages is done, so that everybody sees which one is left; whether it is true is the partner's to say.
 * Safe to repeat. Fails with not_found (no company's check waits), forbidden.
 */
export async function sayStepDone(actor: Actor, { storeId, step }: { storeId: string; step: CompanyStep }, now = new Date()): Promise<void> {
  await requirePermission(db, actor, storeId, "settings.manage");
  await db.transaction(async (tx) => {
    const row = await storeIdentityOf(storeId, tx);
    if (row?.status !== "open" || row.accountType !== "company") throw new DomainError("not_found");
    if (step === "company" ? row.companySaidAt : row.representativeSaidAt) return;
    // Column by column: this role may write no other.
    await tx.update(storeIdentities).set(step === "company" ? { companySaidAt: now } : { representativeSaidAt: now }).where(eq(storeIdentities.id, row.id));
    await recordAudit(tx, { action: "till_pix.identity_step_said", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, newValues: { step } });
  });
}
