import "server-only";
import { unitsFromDecimal, decimalFromUnits } from "@/lib/avenia/decimals";
import { quoteFixedRate, type AveniaQuote } from "@/lib/avenia/quotes";
import type { AveniaAccess } from "@/lib/avenia/request";
import { minimumOf, type TopUpFee } from "./rules";

const DECIMALS: Record<string, { currency: TopUpFee["currency"]; decimals: number }> = { BRL: { currency: "BRL", decimals: 2 }, BRLA: { currency: "BRL", decimals: 2 }, USDC: { currency: "USD", decimals: 6 } };

export type TopUpPrice = { token: string; quotedUsdMicros: bigint; minimumUsdMicros: bigint; fees: TopUpFee[] };

/** What so many reais bring now. USDC has six decimals, so its smallest unit is a micro-dollar. Fails with AveniaError. */
export async function priceOf(access: AveniaAccess, subAccountId: string, amountBrlCentavos: bigint): Promise<TopUpPrice> {
  const quote: AveniaQuote = await quoteFixedRate(access, {
    subAccountId, inputAmount: decimalFromUnits(amountBrlCentavos, 2), input: { currency: "BRL", method: "PIX" }, output: { currency: "USDC", method: "BASE" }, isOutputThirdParty: true,
  });
  const quotedUsdMicros = unitsFromDecimal(quote.outputAmount, 6);
  return {
    token: quote.token,
    quotedUsdMicros,
    minimumUsdMicros: minimumOf(quotedUsdMicros),
    fees: quote.fees.flatMap(({ type, amount, currency }) => {
      const known = DECIMALS[currency];
      const units = known ? unitsFromDecimal(amount, known.decimals) : 0n;
      return known && units > 0n ? [{ type, currency: known.currency, amount: units.toString() }] : [];
    }),
  };
}
