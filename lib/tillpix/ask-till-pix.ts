import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { charges, storeAccounts, storeDeployments, tillPix, transactions } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { chargeHeldError } from "@/lib/charges/payable-charge";
import { DomainError } from "@/lib/errors";
import { isId, newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { storeIdentityOf } from "@/lib/store-identity/queries";
import { requirePermission } from "@/lib/team/require-permission";
import { topUpChain } from "@/lib/topups/offered";
import { isTillPixOffered } from "./offered";
import { TILL_PIX_BRL_CENTAVOS_MIN } from "./rules";
import { hashPixSecret, pixSecretOf } from "./secret";

/**
 * Asks for the BR Code of an open charge; the worker gets it from the provider. A charge has one: safe to repeat. Fails with not_found, forbidden,
 * unavailable (not offered here), pix_not_ready (the provider does not know the store yet), store_not_ready, charge_paid, charge_held, charge_over,
 * charge_not_yours (meant for one customer of ours), amount_too_small.
 */
export async function askTillPix(actor: Actor, { storeId, chargeId }: { storeId: string; chargeId: string }, now = new Date()): Promise<{ pixId: string }> {
  await requirePermission(db, actor, storeId, "charges.make");
  const chainId = topUpChain();
  if (!chainId || !(await isTillPixOffered(actor.userId))) throw new DomainError("unavailable");
  if (!isId(chargeId)) throw new DomainError("not_found");
  return db.transaction(async (tx) => {
    const [charge] = await tx
      .select({ charge: charges, payment: transactions.status })
      .from(charges)
      .leftJoin(transactions, eq(transactions.id, charges.transactionId))
      .where(and(eq(charges.id, chargeId), eq(charges.storeId, storeId)));
    if (!charge) throw new DomainError("not_found");
    const [known] = await tx.select({ id: tillPix.id }).from(tillPix).where(eq(tillPix.chargeId, chargeId));
    if (known) return { pixId: known.id };
    if (charge.payment && charge.payment !== "failed") throw new DomainError("charge_paid");
    const [hold] = await tx.execute<{ wait_seconds: number }>(sql`SELECT wait_seconds FROM charge_hold(${chargeId}::uuid)`);
    if (hold) throw chargeHeldError(hold.wait_seconds);
    if (charge.charge.cancelledAt || charge.charge.expiresAt <= now) throw new DomainError("charge_over");
    if (charge.charge.customerId) throw new DomainError("charge_not_yours");
    const { amountBrlCentavos } = charge.charge;
    if (amountBrlCentavos < TILL_PIX_BRL_CENTAVOS_MIN) throw new DomainError("amount_too_small", { minimumBrlCentavos: TILL_PIX_BRL_CENTAVOS_MIN.toString() });
    if ((await storeIdentityOf(storeId, tx))?.status !== "approved") throw new DomainError("pix_not_ready");
    const [account] = await tx
      .select({ id: storeAccounts.id })
      .from(storeAccounts)
      .innerJoin(storeDeployments, and(eq(storeDeployments.storeId, storeAccounts.storeId), eq(storeDeployments.chainId, storeAccounts.chainId), eq(storeDeployments.status, "deployed")))
      .where(and(eq(storeAccounts.storeId, storeId), eq(storeAccounts.chainId, chainId)));
    if (!account) throw new DomainError("store_not_ready");

    const pixId = newId();
    // Column by column: this role may write no other.
    const made = await tx.execute(sql`
      INSERT INTO till_pix (id, charge_id, store_id, provider, chain_id, amount_brl_centavos, asked_by, secret_hash)
      VALUES (${pixId}, ${chargeId}, ${storeId}, ${env().TOPUP_PROVIDER}, ${chainId}::chain_id, ${amountBrlCentavos.toString()}::bigint, ${actor.userId}, ${hashPixSecret(pixSecretOf(pixId))})
      ON CONFLICT (charge_id) DO NOTHING RETURNING id`);
    if (made.length === 0) {
      const [twin] = await tx.select({ id: tillPix.id }).from(tillPix).where(eq(tillPix.chargeId, chargeId));
      if (!twin) throw new DomainError("not_found");
      return { pixId: twin.id };
    }
    await recordAudit(tx, {
      action: "till_pix.asked", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId,
      newValues: { amountBrlCentavos: amountBrlCentavos.toString() }, metadata: { tillPixId: pixId, chargeId },
    });
    await recordEvent(tx, { name: "till_pix_asked", userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, properties: { storeId } });
    await enqueue(tx, "tillpix.open", { pixId }, { key: `tillpix.open:${pixId}` });
    return { pixId };
  });
}
