import { brlCentavosFromUsd } from "@/lib/money";
import { reaisOfParts } from "@/lib/payments/rules";
import type { PaymentView } from "@/lib/payments/queries";

/** The price as the payer saw it: reais when the payment was priced in them, else dollars. */
export const priceOfPayment = ({ amountBrlCentavos, amountUsdMicros }: PaymentView): { currency: "BRL" | "USD"; amount: bigint } =>
  amountBrlCentavos === null ? { currency: "USD", amount: amountUsdMicros } : { currency: "BRL", amount: amountBrlCentavos };

/** Dollars of a payment in reais at the payment's own rate, so that the parts of a receipt never change. Null without a rate. */
export const inReaisOfPayment = (amountUsdMicros: bigint, { brlPerUsdMicros }: PaymentView): bigint | null => (brlPerUsdMicros === null ? null : brlCentavosFromUsd(amountUsdMicros, brlPerUsdMicros));

/** The parts with their reais, which add up to the price's; null without a price in reais. */
export const partsOfPayment = ({ parts, amountBrlCentavos }: PaymentView) => {
  const reais = amountBrlCentavos === null ? [] : reaisOfParts(parts.map(({ amountUsdMicros }) => amountUsdMicros), amountBrlCentavos);
  return parts.map((part, index) => ({ ...part, amountBrlCentavos: reais[index] ?? null }));
};
