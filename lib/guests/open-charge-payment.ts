import "server-only";
import { sql as fragment } from "drizzle-orm";
import { db } from "@/db/client";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import { addressGroup } from "@/lib/auth/client-address";
import { chargeHeldError, chargePaidError, findCharge } from "@/lib/charges/payable-charge";
import { chosenTip } from "@/lib/charges/quote-charge";
import type { TipChoice } from "@/lib/charges/rules";
import { DomainError, invariant, type ErrorCode } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { assertPayable } from "@/lib/limits/rules";
import { decimalFromUsdMicros } from "@/lib/money";
import { assertStorePayable, findStoreByCode } from "@/lib/payments/payable-store";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { areGuestPaymentsOffered } from "./offered";
import { hashSecret, newPageKey } from "./page-key";

type Refusal = "charge_unknown" | "charge_not_yours" | "charge_over" | "tip_not_allowed";
type Answer = { result: "opened" | "charge_paid" | "charge_held" | Refusal; transaction_id: string | null; held_by: string | null; wait_seconds: number | null };

const REFUSALS: Record<Refusal, ErrorCode> = { charge_unknown: "quote_invalid", charge_not_yours: "charge_not_yours", charge_over: "charge_over", tip_not_allowed: "tip_not_allowed" };

type Visitor = { ip: string | null; deviceId: string; userAgent?: string | null };

/**
 * A charge's price for a wallet: its own dollars and the tip, held for five minutes, and for as long nobody else pays the charge (SQL function
 * guest_charge_open). The browser that holds it already (`ownReference`) gets its page again, without a new secret.
 * Fails with guest_payments_off, not_found, charge_paid, charge_held (with `seconds` at most), charge_over, charge_not_yours, tip_not_allowed, tip_too_large,
 * amount_*, limit_payment, store_closed, store_not_ready, store_not_started, too_many_requests.
 */
export async function openChargePayment(
  visitor: Visitor,
  person: { userId: string; sessionId: string } | null,
  input: { chargeId: string; tip: TipChoice; tipText: string; ownReference: string | null },
  now = new Date(),
): Promise<{ reference: string; secret: string | null }> {
  if (!(await areGuestPaymentsOffered(person, visitor))) throw new DomainError("guest_payments_off");
  await consumeLimit(db, "guest_page_address", visitor.ip ? addressGroup(visitor.ip) : "unknown");
  const charge = await findCharge(input.chargeId, now);
  assertStorePayable(await findStoreByCode(charge.shortCode), now);
  const { tipUsdMicros, tipBrlCentavos } = chosenTip(charge, input);
  assertPayable(charge.amountUsdMicros + tipUsdMicros);

  const { reference, secret } = newPageKey();
  const pageId = newId();
  const amountUsd = decimalFromUsdMicros(charge.amountUsdMicros + tipUsdMicros);
  const answer = await db.transaction(async (tx) => {
    const [said] = await tx.execute<Answer>(fragment`
      SELECT result, transaction_id, held_by, wait_seconds FROM guest_charge_open(
        ${charge.id}::uuid, ${decimalFromUsdMicros(tipUsdMicros)}::numeric, ${tipBrlCentavos.toString()}::bigint, ${pageId}::uuid, ${reference}, ${hashSecret(secret)}, ${person?.userId ?? null}::uuid)`);
    invariant(said, "guest_charge_open answers a row");
    if (said.result !== "opened") return said;
    const who = { userId: person?.userId ?? null, ip: visitor.ip, userAgent: visitor.userAgent ?? null };
    // A payer's tap is no act of the team: it is about the page, not about the store.
    await recordAudit(tx, { action: "guest_payment.charge_held", ...who, resourceType: "guest_payment", resourceId: pageId, newValues: { chargeId: charge.id, amountUsd, tipBrlCentavos: tipBrlCentavos.toString() } });
    await recordEvent(tx, { name: "guest_payment_requested", properties: { store_id: charge.storeId, amount_usd: amountUsd }, ...who, sessionId: person?.sessionId ?? null, deviceId: visitor.deviceId });
    return said;
  });
  if (answer.result === "opened") return { reference, secret };
  if (answer.result === "charge_held" && answer.held_by !== null && answer.held_by === input.ownReference) return { reference: answer.held_by, secret: null };
  if (answer.result === "charge_held") throw chargeHeldError(answer.wait_seconds);
  if (answer.result === "charge_paid") throw await chargePaidError(answer.transaction_id);
  throw new DomainError(REFUSALS[answer.result]);
}
