import "server-only";
import { createHash } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { smartAccounts, topUps } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { identityOf } from "@/lib/identity/queries";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { centsFromTyped } from "@/lib/money";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { topUpChainFor } from "./offered";
import { TOP_UP_BRL_CENTAVOS_MAX, TOP_UP_BRL_CENTAVOS_MIN } from "./rules";

/**
 * Asks for a price of so many reais in dollars; the worker asks the provider. Nothing is owed. Safe to repeat by key.
 * Fails with unavailable (not offered here), identity_required, account_not_ready, amount_*, too_many_requests,
 * idempotency_mismatch.
 */
export async function requestTopUp(actor: Actor, input: { key: string; amountText: string }): Promise<{ topUpId: string }> {
  const amountBrlCentavos = centsFromTyped(input.amountText);
  if (amountBrlCentavos === 0n) throw new DomainError("amount_missing");
  if (amountBrlCentavos < TOP_UP_BRL_CENTAVOS_MIN) throw new DomainError("amount_too_small", { minimumBrlCentavos: TOP_UP_BRL_CENTAVOS_MIN.toString() });
  if (amountBrlCentavos > TOP_UP_BRL_CENTAVOS_MAX) throw new DomainError("amount_too_large", { limitBrlCentavos: TOP_UP_BRL_CENTAVOS_MAX.toString() });
  const chainId = await topUpChainFor(actor.userId);
  if (!chainId) throw new DomainError("unavailable");
  const provider = env().TOPUP_PROVIDER;
  const key = `${actor.userId}:${input.key}`;
  const fingerprint = createHash("sha256").update(`${provider} ${chainId} BRL ${amountBrlCentavos}`).digest("hex");

  await consumeLimit(db, "top_up_account", actor.userId);
  return db.transaction(async (tx) => {
    if ((await identityOf(actor.userId, tx))?.status !== "approved") throw new DomainError("identity_required");
    const [account] = await tx.select({ id: smartAccounts.id }).from(smartAccounts).where(and(eq(smartAccounts.userId, actor.userId), eq(smartAccounts.chainId, chainId)));
    if (!account) throw new DomainError("account_not_ready");
    const id = newId();
    // Column by column: this role may write no other.
    const made = await tx.execute(sql`
      INSERT INTO top_ups (id, user_id, provider, idempotency_key, request_fingerprint, amount_brl_centavos, chain_id)
      VALUES (${id}, ${actor.userId}, ${provider}, ${key}, ${fingerprint}, ${amountBrlCentavos.toString()}::bigint, ${chainId}::chain_id)
      ON CONFLICT (idempotency_key) DO NOTHING RETURNING id`);
    if (made.length === 0) {
      const [known] = await tx.select({ id: topUps.id, fingerprint: topUps.requestFingerprint }).from(topUps).where(eq(topUps.idempotencyKey, key));
      if (known?.fingerprint !== fingerprint) throw new DomainError("idempotency_mismatch");
      return { topUpId: known.id };
    }
    await recordAudit(tx, {
      action: "top_up.requested", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "top_up", resourceId: id,
      newValues: { amountBrlCentavos: amountBrlCentavos.toString(), provider, chainId },
    });
    await recordEvent(tx, { name: "top_up_requested", properties: { amount_brl_centavos: amountBrlCentavos.toString() }, userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent });
    await enqueue(tx, "topups.quote", { topUpId: id }, { key: `topups.quote:${id}` });
    return { topUpId: id };
  });
}
