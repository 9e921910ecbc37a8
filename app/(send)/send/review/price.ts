import "server-only";
import { chainName } from "@/lib/chain/chains";
import { checksummed } from "@/lib/chain/payee-address";
import type { Currency } from "@/lib/money";
import type { SendPrice } from "@/lib/transfers/quote-send";

/** A send as the review shows it. `signed` goes back to the server untouched. */
export type ShownSend = {
  signed: string;
  currency: Currency;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint;
  brlPerUsdMicros: bigint;
  rateAt: Date;
  note: string | null;
  /** Counted by the server: the phone's clock may be wrong. */
  secondsLeft: number;
  payee: SendPrice["payee"];
  /** Where it leaves our people: the whole address and the network, which only such a send names. */
  outside: { address: string; network: string } | null;
};

export function shownSend({ quote, signed, payee }: SendPrice, now = new Date()): ShownSend {
  const { currency, amountUsdMicros, amountBrlCentavos, brlPerUsdMicros, rateAt, note, to, chainId } = quote;
  return {
    signed, currency, amountUsdMicros, amountBrlCentavos, brlPerUsdMicros, rateAt, note, payee,
    secondsLeft: Math.max(0, (quote.expiresAt.getTime() - now.getTime()) / 1000),
    outside: to.kind === "address" ? { address: checksummed(to.address), network: chainName(chainId) } : null,
  };
}
