import "server-only";
import { holdingsOf } from "@/lib/balances/queries";
import { expectedReward } from "@/lib/chain/revnet";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { limitsOf } from "@/lib/limits/queries";
import { assertPayable, dayLimitError } from "@/lib/limits/rules";
import { brlCentavosFromUsd, centsFromTyped, usdMicrosFromBrl, USD_MICROS_PER_CENT, type Currency } from "@/lib/money";
import { currentRate } from "@/lib/rates/queries";
import { assertStorePayable, findStoreByCode, type PayableStore } from "./payable-store";
import { openQuote, signQuote, type Quote } from "./quote";
import { LANDING_SECONDS_MAX, QUOTE_LIFE_MS } from "./rules";

type Payer = { userId: string; sessionId: string };

/**
 * A price for a typed amount: reais or dollars at the present rate, the chain where the payer's dollars reach, the reward to
 * expect. Good for 60 seconds. Writes nothing.
 * Fails with short_code_unknown, store_closed, store_not_ready, store_not_started, amount_*, limit_payment, limit_day, limit_new_device,
 * account_frozen, rate_unavailable, account_not_ready, balance_insufficient (details.availableUsdMicros).
 */
export async function quotePayment(payer: Payer, input: { shortCode: string; currency: Currency; amountText: string }, now = new Date()): Promise<{ quote: Quote; signed: string }> {
  const cents = centsFromTyped(input.amountText);
  const store = await findStoreByCode(input.shortCode);
  return quoteCents(payer, store, input.currency, cents, now);
}

/** The same price again at the present rate, in the currency that was typed. Fails like quotePayment, and with quote_invalid. */
export async function refreshQuote(payer: Payer, signed: string, now = new Date()): Promise<{ quote: Quote; signed: string }> {
  const old = openQuote(signed, payer.userId);
  const store = await findStoreByCode(old.shortCode);
  const cents = old.currency === "BRL" ? old.amountBrlCentavos : old.amountUsdMicros / USD_MICROS_PER_CENT;
  return quoteCents(payer, store, old.currency, cents, now);
}

async function quoteCents(payer: Payer, store: PayableStore, currency: Currency, cents: bigint, now: Date) {
  assertStorePayable(store, now);
  const rate = await currentRate(now);
  const amountUsdMicros = currency === "BRL" ? usdMicrosFromBrl(cents, rate.brlPerUsdMicros) : cents * USD_MICROS_PER_CENT;
  const amountBrlCentavos = currency === "BRL" ? cents : brlCentavosFromUsd(amountUsdMicros, rate.brlPerUsdMicros);
  assertPayable(amountUsdMicros);

  // Told here, so that nobody reviews a payment that pay_reserve, which decides, would refuse.
  const [limits, deployment] = await Promise.all([limitsOf(payer), chooseDeployment(payer.userId, store, amountUsdMicros)]);
  if (limits.isFrozen) throw new DomainError("account_frozen");
  const [least] = limits.day;
  if (least && amountUsdMicros > least.leftUsdMicros) throw dayLimitError(least.rule, least.leftUsdMicros);
  const quote: Quote = {
    payerId: payer.userId,
    storeId: store.id,
    shortCode: store.shortCode,
    chainId: deployment.chainId,
    currency,
    amountUsdMicros,
    amountBrlCentavos,
    brlPerUsdMicros: rate.brlPerUsdMicros,
    rateAt: rate.quotedAt,
    // Issuance falls by half a percent every 90 days: the promise holds also when the payment lands at its last possible moment.
    rewardUnits: expectedReward({ amountUsdMicros, rewardRateBps: store.rewardRateBps, startsAt: unixSeconds(store.startsAt ?? now), now: unixSeconds(now) + LANDING_SECONDS_MAX }),
    expiresAt: new Date(now.getTime() + QUOTE_LIFE_MS),
  };
  return { quote, signed: signQuote(quote) };
}

const unixSeconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** One operation is one chain: the default one when the dollars there reach, else any other where they do. */
async function chooseDeployment(userId: string, store: PayableStore, amountUsdMicros: bigint) {
  const dollars = (await holdingsOf(userId)).filter((holding) => !holding.store);
  if (dollars.length === 0) throw new DomainError("account_not_ready");
  const availableOn = (chainId: string) => dollars.find((holding) => holding.chainId === chainId)?.available ?? 0n;
  const chosen = store.deployments.find(({ chainId }) => availableOn(chainId) >= amountUsdMicros);
  if (chosen) return chosen;
  const best = store.deployments.map(({ chainId }) => availableOn(chainId)).reduce((most, next) => (next > most ? next : most), 0n);
  throw new DomainError("balance_insufficient", { availableUsdMicros: best.toString(), chainIds: env().CHAIN_IDS.length });
}
