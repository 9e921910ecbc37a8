import "server-only";
import { centsFromTyped } from "@/lib/money";
import { findStoreByCode } from "@/lib/payments/payable-store";
import { ALL_PARTS, quoteAmount, type Quoted } from "@/lib/payments/quote-payment";
import { assertPayableBy, findCharge, type Charge } from "./payable-charge";
import { centsOfCharge, tipOf, tipOfPercent, type Tip, type TipChoice } from "./rules";

/**
 * A price for a charge and the payer's tip: the charge's own dollars and reais at its own rate, however the rate moved since, and the parts that pay
 * them. Good for 60 seconds; writes nothing. The review, its switches and its confirmation are those of any payment.
 * Fails with not_found, charge_not_yours, charge_paid, charge_over, tip_not_allowed, tip_too_large, amount_*, and what quotePayment fails with.
 */
export async function quoteCharge(payer: { userId: string; sessionId: string }, input: { chargeId: string; tip: TipChoice; tipText: string }, now = new Date()): Promise<Quoted> {
  const charge = await findCharge(input.chargeId, now);
  assertPayableBy(charge, payer.userId);
  const tip = chosenTip(charge, input);
  const { currency, brlPerUsdMicros, rateAt } = charge;
  return quoteAmount(
    payer,
    await findStoreByCode(charge.shortCode),
    { currency, amountUsdMicros: charge.amountUsdMicros + tip.tipUsdMicros, amountBrlCentavos: charge.amountBrlCentavos + tip.tipBrlCentavos, brlPerUsdMicros, rateAt, charge: { id: charge.id, ...tip } },
    ALL_PARTS,
    now,
  );
}

/** A tip as it was chosen: a percentage of the charge, or what was typed. Nothing typed is no tip. Fails with amount_*, tip_not_allowed, tip_too_large. */
export function chosenTip(charge: Charge, { tip, tipText }: { tip: TipChoice; tipText: string }): Tip {
  if (tip !== "other") return tipOf(charge, tipOfPercent(centsOfCharge(charge), Number(tip)));
  return tipOf(charge, tipText.trim() === "" ? 0n : centsFromTyped(tipText));
}
