import "server-only";
import { DomainError } from "@/lib/errors";
import { LIMITS } from "@/lib/limits/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { currentRate } from "@/lib/rates/queries";

/** What nobody could pay has no price: the limit of one payment in centavos, at the rate of now. Fails with rate_unavailable. */
export async function priceLimitBrlCentavos(): Promise<bigint> {
  const { brlPerUsdMicros } = await currentRate();
  return brlCentavosFromUsd(LIMITS.paymentUsdMicros, brlPerUsdMicros);
}

/** Fails with limit_payment. */
export async function assertPrice(priceBrlCentavos: bigint): Promise<void> {
  if (priceBrlCentavos > (await priceLimitBrlCentavos())) throw new DomainError("limit_payment", { limitUsdMicros: LIMITS.paymentUsdMicros.toString() });
}
