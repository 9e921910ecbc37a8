import "server-only";
import type { PaymentParts } from "@/lib/chain/pay";
import { brlCentavosFromUsd, type Currency } from "@/lib/money";
import type { PayableStore } from "@/lib/payments/payable-store";
import { partsToSign } from "@/lib/payments/payment-to-sign";
import type { Quote } from "@/lib/payments/quote";
import { rewardsBeside, type RewardsBeside } from "@/lib/payments/quote-payment";
import { reaisOfParts } from "@/lib/payments/rules";
import { splitByRewardRate } from "@/lib/stores/rules";

type Issuer = { id: string; name: string; qrVersion: number };
export type PricePart = { kind: "own" | "other" | "dollars"; store: Issuer | null; amountUsdMicros: bigint; amountBrlCentavos: bigint };

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
  /** What pays it; dollars and reais of the parts each add up to the price. */
  parts: PricePart[];
  choices: RewardsBeside["choices"];
  leftOut: RewardsBeside["leftOut"];
  isDollarsOnly: boolean;
  /** What the protocol keeps of the rewards that are sold, and what they are expected to bring above their shares. */
  feeUsdMicros: bigint;
  surplusUsdMicros: bigint;
  /** What the reward is worth in reais, by the store's rate. */
  rewardBrlCentavos: bigint;
  /** The charge that it pays, and how much of the price is a tip, in both currencies. */
  charge: Quote["charge"] | null;
  /** What the payment is on its chain, for people who sign it themselves. */
  settles: PaymentParts | null;
};

/** The price of a quote, with the seconds it still holds. */
export async function priceOf(
  { quote, signed }: { quote: Quote; signed: string },
  store: Pick<PayableStore, "id" | "name" | "qrVersion" | "rewardRateBps" | "deployments">,
  payer: { userId: string },
  now = new Date(),
): Promise<Price> {
  const [beside, settles] = await Promise.all([rewardsBeside(payer, quote), partsToSign(quote, store)]);
  const inReais = reaisOfParts(quote.parts.map(({ amountUsdMicros }) => amountUsdMicros), quote.amountBrlCentavos);
  const rewards = quote.parts.flatMap((part) => (part.kind === "dollars" ? [] : [part]));
  const ownUsdMicros = rewards.reduce((sum, { kind, amountUsdMicros }) => (kind === "own" ? sum + amountUsdMicros : sum), 0n);
  return {
    signed,
    currency: quote.currency,
    amountUsdMicros: quote.amountUsdMicros,
    amountBrlCentavos: quote.amountBrlCentavos,
    brlPerUsdMicros: quote.brlPerUsdMicros,
    rateAt: quote.rateAt,
    secondsLeft: Math.max(0, (quote.expiresAt.getTime() - now.getTime()) / 1000),
    parts: quote.parts.map((part, index) => ({
      kind: part.kind,
      store: part.kind === "dollars" ? null : part.kind === "own" ? { id: store.id, name: store.name, qrVersion: store.qrVersion } : (beside.stores.get(part.storeId) ?? null),
      amountUsdMicros: part.amountUsdMicros,
      amountBrlCentavos: inReais[index] ?? 0n,
    })),
    choices: beside.choices,
    leftOut: beside.leftOut,
    isDollarsOnly: quote.choice.isDollarsOnly,
    feeUsdMicros: rewards.reduce((sum, { feeUsdMicros }) => sum + feeUsdMicros, 0n),
    surplusUsdMicros: rewards.reduce((sum, { surplusUsdMicros }) => sum + surplusUsdMicros, 0n),
    rewardBrlCentavos: brlCentavosFromUsd(splitByRewardRate(quote.amountUsdMicros - ownUsdMicros, store.rewardRateBps).reward, quote.brlPerUsdMicros),
    charge: quote.charge ?? null,
    settles,
  };
}
