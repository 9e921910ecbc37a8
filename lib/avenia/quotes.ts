import "server-only";
import { z } from "zod";
import { request, type AveniaAccess } from "./request";

const DECIMAL = z.string().regex(/^\d+(\.\d+)?$/);
const Answered = z.looseObject({
  quoteToken: z.string().min(1),
  inputAmount: DECIMAL,
  outputAmount: DECIMAL,
  appliedFees: z.array(z.looseObject({ type: z.string(), amount: DECIMAL, currency: z.string() })),
  basePrice: z.string(),
});

/** A side of an exchange, as the provider names them: reais by Pix, dollars on Base, or what the account holds there. */
export type Side = { currency: "BRL"; method: "PIX" } | { currency: "USDC"; method: "BASE" | "INTERNAL" };

export type AveniaQuote = { token: string; inputAmount: string; outputAmount: string; fees: { type: string; amount: string; currency: string }[]; basePrice: string };

/** A price that holds for fifteen seconds; the ticket carries the same sub-account. Amounts are decimal texts. */
export async function quoteFixedRate(
  access: AveniaAccess,
  { subAccountId, input, output, inputAmount, isOutputThirdParty = false }: { subAccountId: string; input: Side; output: Side; inputAmount: string; isOutputThirdParty?: boolean },
): Promise<AveniaQuote> {
  const query = {
    inputCurrency: input.currency,
    inputPaymentMethod: input.method,
    inputAmount,
    outputCurrency: output.currency,
    outputPaymentMethod: output.method,
    inputThirdParty: false,
    outputThirdParty: isOutputThirdParty,
    blockchainSendMethod: "TRANSFER",
    subAccountId,
  };
  const answer = await request(access, Answered, "GET", "/v2/account/quote/fixed-rate", { query });
  return {
    token: answer.quoteToken, inputAmount: answer.inputAmount, outputAmount: answer.outputAmount, basePrice: answer.basePrice,
    fees: answer.appliedFees.map(({ type, amount, currency }) => ({ type, amount, currency })),
  };
}
