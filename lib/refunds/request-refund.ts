import "server-only";
import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { refunds } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { requireStepUp } from "@/lib/auth/step-up";
import { USDC } from "@/lib/chain/addresses";
import { DomainError, invariant, type ErrorCode } from "@/lib/errors";
import { newId, nonceKeyOf } from "@/lib/ids";
import { centsFromTyped, decimalFromUsdMicros } from "@/lib/money";
import { hintOperations } from "@/lib/operations/hint";
import { requirePermission } from "@/lib/team/require-permission";
import { fundingOf, priceRefund, readSale } from "./price-refund";
import { assertWithinLimit, auditOverLimit } from "./quote-refund";
import { parseReason } from "./rules";

export type RefundRequest = {
  storeId: string;
  transactionId: string;
  /** In reais of the sale, as typed. */
  amountText: string;
  reason: string;
  /** The form's key: one key is one refund. */
  key: string;
  /** The tokens whose loss was shown and accepted; more than that asks again. */
  acceptedGoneUnits: bigint;
};

const REFUSALS: Record<string, ErrorCode> = {
  mismatch: "idempotency_mismatch", not_found: "not_found", forbidden: "forbidden", over_limit: "refund_over_limit", not_possible: "refund_not_possible", no_payer: "refund_no_payer",
  too_much: "refund_too_much", not_funded: "refund_not_funded", moved: "refund_cost_moved",
};

/**
 * Gives money of a sale back to whoever paid it: refund, promise of the store's money, reservation of the rewards and both operations commit together
 * (SQL function refund_reserve) or not at all. Priced and reserved under the store's lock, so that of two members at once the second sees what the first did.
 * Safe to repeat: one key is one refund and answers it for ever. Needs a second factor.
 * Fails like quoteRefund and with reason_missing, note_too_long, refund_cost_moved, idempotency_mismatch, step_up_required, step_up_waiting.
 */
export async function requestRefund(actor: Actor, input: RefundRequest): Promise<{ refundId: string }> {
  const brlCentavos = centsFromTyped(input.amountText);
  const reason = parseReason(input.reason);
  const fingerprint = createHash("sha256").update(JSON.stringify(["refund/v1", input.storeId, input.transactionId, brlCentavos.toString(), reason])).digest("hex");
  try {
    const { refundId, hint } = await db.transaction(async (tx) => {
      const role = await requirePermission(tx, actor, input.storeId, "refunds.make");
      await tx.execute(sql`SELECT store_lock(${input.storeId}::uuid)`);
      const earlier = await ofKey(tx, `${actor.userId}:${input.key}`, fingerprint);
      if (earlier) return { refundId: earlier, hint: null };
      const sale = await readSale(tx, { ...input, memberId: actor.userId });
      const price = priceRefund(sale, brlCentavos);
      assertWithinLimit(role, sale, price);
      const funding = fundingOf(sale, price);
      if (price.reward.goneUnits > input.acceptedGoneUnits) throw new DomainError("refund_cost_moved");
      await requireStepUp(tx, actor, "refund");
      const [id, returnId] = [newId(), newId()];
      const [row] = await tx.execute<{ result: string; refund_id: string | null }>(sql`
        SELECT result, refund_id FROM refund_reserve(
          ${id}::uuid, ${actor.userId}::uuid, ${actor.sessionId}::uuid, ${input.storeId}::uuid, ${input.transactionId}::uuid, ${nonceKeyOf(id).toString()}::numeric,
          ${returnId}::uuid, ${nonceKeyOf(returnId).toString()}::numeric, ${decimalFromUsdMicros(price.usdMicros)}::numeric, ${brlCentavos.toString()}::bigint, ${sale.paidBrlCentavos.toString()}::bigint,
          ${reason}, ${funding.units.toString()}::numeric, ${funding.dollarsUsdMicros.toString()}::numeric, ${USDC[sale.chainId]},
          ${price.reward.dueUnits.toString()}::numeric, ${price.reward.returnedUnits.toString()}::numeric,
          ${input.key}, ${fingerprint}, ${actor.ip}::inet, ${actor.userAgent?.slice(0, 500) ?? null})`);
      invariant(row, "refund_reserve answers a row");
      const refusal = REFUSALS[row.result];
      if (refusal) throw new DomainError(refusal);
      invariant(row.refund_id, "a reserved refund has its id");
      return { refundId: row.refund_id, hint: sale.chainId };
    });
    if (hint) hintOperations(hint);
    return { refundId };
  } catch (error) {
    if (error instanceof DomainError && error.code === "refund_over_limit") await auditOverLimit(actor, input);
    throw error;
  }
}

async function ofKey(tx: Tx, key: string, fingerprint: string): Promise<string | null> {
  const [row] = await tx.select({ id: refunds.id, fingerprint: refunds.requestFingerprint }).from(refunds).where(eq(refunds.idempotencyKey, key));
  if (!row) return null;
  if (row.fingerprint !== fingerprint) throw new DomainError("idempotency_mismatch");
  return row.id;
}
