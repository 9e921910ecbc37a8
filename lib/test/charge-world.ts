import { randomUUID } from "node:crypto";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { makeCharge, type NewCharge } from "@/lib/charges/make-charge";
import { quoteCharge } from "@/lib/charges/quote-charge";
import type { TipChoice } from "@/lib/charges/rules";

/** What a test wants of a charge; R$ 38,50 without anything else. */
export const newCharge = (storeId: string, wanted: Partial<NewCharge> = {}): NewCharge => ({
  storeId, key: randomUUID(), currency: "BRL", amountText: "3850", typedText: "3850", note: "", isTipAllowed: false, items: [], customerCode: null, tillId: null, ...wanted,
});

/** A charge of a store by one of its members. */
export async function makeChargeOf({ storeId, actor }: { storeId: string; actor: Actor }, wanted: Partial<NewCharge> = {}): Promise<string> {
  return (await makeCharge(actor, newCharge(storeId, wanted))).chargeId;
}

/** From the charge's page to the tap, as the pages do it. */
export async function payCharge(payer: { userId: string; sessionId: string; ip: string | null; userAgent: string | null }, chargeId: string, { key = randomUUID(), tip = "0", tipText = "", now }: { key?: string; tip?: TipChoice; tipText?: string; now?: Date } = {}) {
  const { signed } = await quoteCharge(payer, { chargeId, tip, tipText }, now);
  return confirmPayment(payer, { key, quote: signed }, now);
}

/** What the tables say of a charge and of every payment that ever named it. */
export async function chargeRowOf(chargeId: string) {
  const [row] = await sql<{ transaction_id: string | null; payments: number }[]>`
    SELECT c.transaction_id, (SELECT count(*)::int FROM transactions t WHERE t.charge_id = c.id) AS payments FROM charges c WHERE c.id = ${chargeId}`;
  if (!row) throw new Error("no such charge");
  return row;
}

/** Ends a payment by hand, as the follower would. */
export const endPayment = (transactionId: string, status: "confirmed" | "failed") => sql`UPDATE transactions SET status = ${status}, confirmed_at = CASE WHEN ${status} = 'confirmed' THEN now() END WHERE id = ${transactionId}`;
