import "server-only";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { isEnabled } from "@/lib/flags/is-enabled";
import { centsFromTyped, usdMicrosFromBrl, USD_MICROS_PER_CENT, type Currency } from "@/lib/money";
import { currentRate } from "@/lib/rates/queries";
import { requirePermission } from "@/lib/team/require-permission";
import { askPrice } from "./ask-price";
import { bridgeFrom, reachesPartner, type WithBridge } from "./bridge";
import { assertUsable, findDestination, type FoundDestination } from "./find-destination";
import { payoutChain } from "./offered";
import { planFunding, potValueUsdMicros, type StorePot } from "./plan-funding";
import { openPayout, signPayout, type PayoutQuote, type PayoutTo } from "./quote";
import { flagOf, PAYOUT_QUOTE_MS, reachesUsdMicros, type PayoutWay } from "./rules";
import { storePots } from "./store-pots";

export type PayoutRequest = {
  storeId: string;
  to: PayoutTo;
  way: PayoutWay;
  /** Null takes all there is on the chain. */
  amount: { currency: Currency; text: string } | null;
  /** Which of the store's chains; null lets us choose where the amount is. */
  chainId: ChainId | null;
  /** The payout that waits for a new amount, to fund it again. */
  againId?: string | null;
};
export type MadePayoutQuote = { quote: PayoutQuote; signed: string; destination: FoundDestination };

/**
 * What a payout would be now, in both ways, good for 60 seconds. For reais the partner's price is asked by the worker meanwhile (quote.priceId).
 * Takes nothing. Fails with not_found, forbidden, payout_off, payout_destination_waits, payout_balance, amount_*, store_not_ready, rate_unavailable,
 * too_many_requests.
 */
export async function quotePayout(actor: Actor, request: PayoutRequest, now = new Date()): Promise<MadePayoutQuote> {
  const cents = request.amount === null ? null : centsFromTyped(request.amount.text);
  return quoteCents(actor, request, request.amount && cents !== null ? { currency: request.amount.currency, cents } : null, now);
}

/** The same payout at present values, or in the other way. Fails like quotePayout, and with quote_invalid. */
export async function refreshPayout(actor: Actor, { storeId, signed, way }: { storeId: string; signed: string; way?: PayoutWay }, now = new Date()): Promise<MadePayoutQuote> {
  const old = openPayout(signed, { userId: actor.userId, storeId });
  return quoteCents(actor, { storeId, to: old.to, way: way ?? old.terms.way, amount: null, chainId: old.terms.chainId, againId: old.againId }, old.asked, now);
}

async function quoteCents(actor: Actor, { storeId, to, way, chainId, againId = null }: PayoutRequest, asked: PayoutQuote["asked"], now: Date): Promise<MadePayoutQuote> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  if (asked?.cents === 0n) throw new DomainError("amount_missing");
  const [rate, pots] = await Promise.all([currentRate(now), storePots(storeId)]);
  const askedUsdMicros = asked === null ? null : asked.currency === "BRL" ? usdMicrosFromBrl(asked.cents, rate.brlPerUsdMicros) : asked.cents * USD_MICROS_PER_CENT;
  const isReais = to.kind === "saved" && (await isPaidInReais(actor, storeId, to, pots));
  const pot = choosePot(isReais ? partnerPots(pots) : pots, askedUsdMicros, chainId);
  const destination = await findDestination(db, { userId: actor.userId, storeId, to, chainId: pot.chainId });
  if (!(await isEnabled(flagOf(destination.type), actor.userId))) throw new DomainError("payout_off");
  assertUsable(destination);
  const withBridge: WithBridge = isReais ? await bridgeFrom(pot.chainId) : (plain) => plain;
  const terms = withBridge(planFunding(way, pot, askedUsdMicros));
  const nets = { cash_out: netOf("cash_out"), borrow: netOf("borrow") };
  function netOf(other: PayoutWay): bigint | null {
    try {
      return reachesUsdMicros(other === way ? terms : withBridge(planFunding(other, pot, askedUsdMicros === null ? null : terms.amountUsdMicros)));
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }
  const priceId = destination.provider && destination.destinationId ? await askPrice(actor, { storeId, destinationId: destination.destinationId, amountUsdMicros: reachesUsdMicros(terms) }) : null;
  const quote: PayoutQuote = {
    userId: actor.userId, storeId, to, terms, asked, nets, priceId, againId,
    brlPerUsdMicros: rate.brlPerUsdMicros, rateAt: rate.quotedAt, expiresAt: new Date(now.getTime() + PAYOUT_QUOTE_MS),
  };
  return { quote, signed: signPayout(quote), destination };
}

/** Whether a saved destination gets reais, from the partner. Fails with not_found, payout_off. */
async function isPaidInReais(actor: Actor, storeId: string, to: PayoutTo, pots: StorePot[]): Promise<boolean> {
  const first = pots[0];
  if (!first) throw new DomainError("store_not_ready");
  const { provider } = await findDestination(db, { userId: actor.userId, storeId, to, chainId: first.chainId });
  if (!provider) return false;
  if (!payoutChain()) throw new DomainError("payout_off");
  return true;
}

/** The money that can be paid in reais, first what lies where the partner takes it. */
const partnerPots = (pots: StorePot[]): StorePot[] => pots.filter(({ chainId }) => reachesPartner(chainId)).toSorted((a, b) => Number(b.chainId === payoutChain()) - Number(a.chainId === payoutChain()));

/** The wanted chain's money; else the first chain that has the amount, else the one with the most. */
function choosePot(pots: StorePot[], askedUsdMicros: bigint | null, chainId: ChainId | null): StorePot {
  const wanted = chainId === null ? undefined : pots.find((pot) => pot.chainId === chainId);
  if (chainId !== null && !wanted) throw new DomainError("store_not_ready");
  const enough = askedUsdMicros === null ? undefined : pots.find((pot) => potValueUsdMicros(pot) >= askedUsdMicros);
  const largest = pots.toSorted((a, b) => Number(potValueUsdMicros(b) - potValueUsdMicros(a)))[0];
  const chosen = wanted ?? enough ?? largest;
  if (!chosen) throw new DomainError("store_not_ready");
  return chosen;
}

