import { Money } from "@/components/money";
import type { StorePayment } from "@/lib/live/rules";

/** A payment's price in the currency that the payer saw. */
export const priceOf = ({ amountBrlCentavos, amountUsdMicros }: Pick<StorePayment, "amountBrlCentavos" | "amountUsdMicros">) =>
  amountBrlCentavos === null ? ({ currency: "USD", amount: BigInt(amountUsdMicros) } as const) : ({ currency: "BRL", amount: BigInt(amountBrlCentavos) } as const);

export const PaymentAmount = ({ payment }: { payment: StorePayment }) => <Money {...priceOf(payment)} />;
