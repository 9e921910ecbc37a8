import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import type { Currency } from "@/lib/money";
import { brlCentavosFromUsd } from "@/lib/money";
import type { PayableStore } from "@/lib/payments/payable-store";
import type { Quote } from "@/lib/payments/quote";
import { splitByRewardRate } from "@/lib/stores/rules";

/** A quote as the review shows it. `signed` goes back to the server untouched. */
export type Price = {
  signed: string;
  currency: Currency;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint;
  brlPerUsdMicros: bigint;
  rateAt: Date;
  /** Counted by the server: the phone's clock may be wrong. */
  secondsLeft: number;
  /** What the reward is worth in reais, by the store's rate. */
  rewardBrlCentavos: bigint;
  /** What the payment is on its chain, for people who sign it themselves. */
  settles: { chainId: ChainId; projectId: number; minReturnedUnits: bigint } | null;
};

/** The price of a quote, with the seconds it still holds. */
export function priceOf({ quote, signed }: { quote: Quote; signed: string }, store: Pick<PayableStore, "rewardRateBps" | "deployments">, now = new Date()): Price {
  const deployment = store.deployments.find(({ chainId }) => chainId === quote.chainId);
  return {
    signed,
    currency: quote.currency,
    amountUsdMicros: quote.amountUsdMicros,
    amountBrlCentavos: quote.amountBrlCentavos,
    brlPerUsdMicros: quote.brlPerUsdMicros,
    rateAt: quote.rateAt,
    secondsLeft: Math.max(0, (quote.expiresAt.getTime() - now.getTime()) / 1000),
    rewardBrlCentavos: brlCentavosFromUsd(splitByRewardRate(quote.amountUsdMicros, store.rewardRateBps).reward, quote.brlPerUsdMicros),
    settles: deployment ? { chainId: quote.chainId, projectId: deployment.projectId, minReturnedUnits: quote.rewardUnits } : null,
  };
}
