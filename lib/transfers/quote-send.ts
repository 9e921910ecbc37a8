import "server-only";
import { holdingsOf } from "@/lib/balances/queries";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { limitsOf } from "@/lib/limits/queries";
import { assertPayable, dayLimitError } from "@/lib/limits/rules";
import { brlCentavosFromUsd, usdMicrosFromBrl, USD_MICROS_PER_CENT, type Currency } from "@/lib/money";
import { QUOTE_LIFE_MS } from "@/lib/payments/rules";
import { currentRate } from "@/lib/rates/queries";
import { findPayee, hasAccountOn, type Payee } from "./payee";
import { openSendQuote, signSendQuote, type SendQuote } from "./quote";
import type { SendTo } from "./rules";

type Sender = { userId: string; sessionId: string };
export type SendPrice = { quote: SendQuote; signed: string; payee: Payee };
export type SendInput = { to: SendTo; requestId: string | null; currency: Currency; cents: bigint; note: string | null };

/**
 * A price for a send: reais or dollars at the present rate, and the chain where the sender's dollars reach. Good for 60 seconds. Writes nothing.
 * Fails with payee_unknown, payee_self, payee_not_known (a new device, somebody new), account_not_ready, amount_too_small, limit_payment, limit_day,
 * limit_new_device, account_frozen, rate_unavailable, balance_insufficient (details.availableUsdMicros, and reachesTogether 1 when all chains together reach).
 */
export async function quoteSend(sender: Sender, input: SendInput, now = new Date()): Promise<SendPrice> {
  const rate = await currentRate(now);
  const { cents, currency } = input;
  const amountUsdMicros = currency === "BRL" ? usdMicrosFromBrl(cents, rate.brlPerUsdMicros) : cents * USD_MICROS_PER_CENT;
  const amountBrlCentavos = currency === "BRL" ? cents : brlCentavosFromUsd(amountUsdMicros, rate.brlPerUsdMicros);
  assertPayable(amountUsdMicros);
  const [payee, limits] = await Promise.all([findPayee(sender, input.to), limitsOf(sender)]);
  if (limits.isFrozen) throw new DomainError("account_frozen");
  if (limits.newDeviceUntil && !payee.isKnown) throw new DomainError("payee_not_known");
  const [least] = limits.day;
  if (least && amountUsdMicros > least.leftUsdMicros) throw dayLimitError(least.rule, least.leftUsdMicros);

  const chainId = await chooseChain(sender.userId, amountUsdMicros);
  if (input.to.kind === "person" && !(await hasAccountOn(input.to.userId, chainId))) throw new DomainError("account_not_ready");
  const quote: SendQuote = {
    payerId: sender.userId,
    to: input.to,
    requestId: input.requestId,
    chainId,
    currency,
    amountUsdMicros,
    amountBrlCentavos,
    brlPerUsdMicros: rate.brlPerUsdMicros,
    rateAt: rate.quotedAt,
    note: input.note,
    expiresAt: new Date(now.getTime() + QUOTE_LIFE_MS),
  };
  return { quote, signed: signSendQuote(quote), payee };
}

/** The same send at the present rate, in the currency that was typed. Fails like quoteSend, and with quote_invalid. */
export async function refreshSend(sender: Sender, signed: string, now = new Date()): Promise<SendPrice> {
  const { to, requestId, currency, amountBrlCentavos, amountUsdMicros, note } = openSendQuote(signed, sender.userId);
  return quoteSend(sender, { to, requestId, currency, cents: currency === "BRL" ? amountBrlCentavos : amountUsdMicros / USD_MICROS_PER_CENT, note }, now);
}

/** One operation is one chain: the default one when the dollars there reach, else any other where they do. */
async function chooseChain(userId: string, amountUsdMicros: bigint): Promise<ChainId> {
  const { CHAIN_IDS, DEFAULT_CHAIN_ID } = env();
  const dollars = (await holdingsOf(userId)).filter((holding) => !holding.store && CHAIN_IDS.includes(holding.chainId));
  if (dollars.length === 0) throw new DomainError("account_not_ready");
  const inOrder = dollars.toSorted((a, b) => Number(b.chainId === DEFAULT_CHAIN_ID) - Number(a.chainId === DEFAULT_CHAIN_ID));
  const chosen = inOrder.find(({ available }) => available >= amountUsdMicros);
  if (chosen) return chosen.chainId;
  const most = dollars.reduce((best, { available }) => (available > best ? available : best), 0n);
  const total = dollars.reduce((sum, { available }) => sum + available, 0n);
  throw new DomainError("balance_insufficient", { availableUsdMicros: most.toString(), reachesTogether: total >= amountUsdMicros ? 1 : 0 });
}
