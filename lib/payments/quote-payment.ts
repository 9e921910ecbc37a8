import "server-only";
import { cashOutNetUsdMicros } from "@/lib/chain/cash-out";
import { expectedReward } from "@/lib/chain/revnet";
import { assertStillPayable } from "@/lib/charges/payable-charge";
import { DomainError } from "@/lib/errors";
import { isEnabled } from "@/lib/flags/is-enabled";
import { limitsOf } from "@/lib/limits/queries";
import { assertPayable, dayLimitError } from "@/lib/limits/rules";
import { brlCentavosFromUsd, centsFromTyped, usdMicrosFromBrl, USD_MICROS_PER_CENT, type Currency } from "@/lib/money";
import { currentRate } from "@/lib/rates/queries";
import { chooseParts, CRUMB_USD_MICROS, type Chosen, type LeftOut, type Part, type PartsChoice } from "./choose-parts";
import { assertStorePayable, findStoreByCode, type PayableStore } from "./payable-store";
import { openQuote, signQuote, type Quote } from "./quote";
import { LANDING_SECONDS_MAX, QUOTE_LIFE_MS } from "./rules";
import { presentStates, spendableOf, type Spendable, type SpendableRewards } from "./spendable";

type Payer = { userId: string; sessionId: string };
export type Quoted = { quote: Quote; signed: string };

/** The payer's rewards are asked for at the head this often, until the stores that take part have all been asked. */
const ROUNDS_MAX = 3;
/** Switches and reasons on one review. */
const CHOICES_MAX = 8;
const LEFT_OUT_MAX = 4;
export const ALL_PARTS: PartsChoice = { isDollarsOnly: false, offStoreIds: [] };
const ONLY_DOLLARS: PartsChoice = { isDollarsOnly: true, offStoreIds: [] };

/** The payer's choice as far as it is offered now: while mixed payments are switched off for somebody, dollars alone pay. The quote keeps the choice itself. */
export const offeredChoice = async (userId: string, choice: PartsChoice): Promise<PartsChoice> => ((await isEnabled("mixed_payments", userId)) ? choice : ONLY_DOLLARS);

/**
 * A price for a typed amount: reais or dollars at the present rate, the chain where it can be paid, the parts that pay it, the reward
 * to expect. Good for 60 seconds. Writes nothing.
 * Fails with short_code_unknown, store_closed, store_not_ready, store_not_started, amount_*, limit_payment, limit_day, limit_new_device,
 * account_frozen, rate_unavailable, account_not_ready, balance_insufficient (details.availableUsdMicros, missingUsdMicros, elsewhereUsdMicros).
 */
export async function quotePayment(payer: Payer, input: { shortCode: string; currency: Currency; amountText: string; choice?: PartsChoice }, now = new Date()): Promise<Quoted> {
  const cents = centsFromTyped(input.amountText);
  const store = await findStoreByCode(input.shortCode);
  return quoteAmount(payer, store, await pricedNow(input.currency, cents, now), input.choice ?? ALL_PARTS, now);
}

/**
 * The same price again at the present rate, in the currency that was typed and with the payer's choice of parts, or another one. A charge keeps
 * its amounts and its rate for its life. Fails like quotePayment, and with quote_invalid, charge_paid, charge_over, charge_not_yours.
 */
export async function refreshQuote(payer: Payer, signed: string, now = new Date(), choice?: PartsChoice): Promise<Quoted> {
  const old = openQuote(signed, payer.userId);
  const store = await findStoreByCode(old.shortCode);
  const cents = old.currency === "BRL" ? old.amountBrlCentavos : old.amountUsdMicros / USD_MICROS_PER_CENT;
  if (old.charge) await assertStillPayable(payer, old.charge.id, now);
  return quoteAmount(payer, store, old.charge ? old : await pricedNow(old.currency, cents, now), choice ?? old.choice, now);
}

/** What is to be paid, in both currencies and by which rate; of a charge also which and how much of it is a tip. */
export type Priced = Pick<Quote, "currency" | "amountUsdMicros" | "amountBrlCentavos" | "brlPerUsdMicros" | "rateAt" | "charge">;

async function pricedNow(currency: Currency, cents: bigint, now: Date): Promise<Priced> {
  const { brlPerUsdMicros, quotedAt: rateAt } = await currentRate(now);
  const amountUsdMicros = currency === "BRL" ? usdMicrosFromBrl(cents, brlPerUsdMicros) : cents * USD_MICROS_PER_CENT;
  return { currency, amountUsdMicros, amountBrlCentavos: currency === "BRL" ? cents : brlCentavosFromUsd(amountUsdMicros, brlPerUsdMicros), brlPerUsdMicros, rateAt };
}

/** A price for amounts that stand: the chain, the parts and the reward to expect. Fails like quotePayment. */
export async function quoteAmount(payer: Payer, store: PayableStore, priced: Priced, choice: PartsChoice, now: Date): Promise<Quoted> {
  const { currency, amountUsdMicros, amountBrlCentavos, brlPerUsdMicros, rateAt, charge } = priced;
  assertStorePayable(store, now);
  assertPayable(amountUsdMicros);

  // Told here, so that nobody reviews a payment that pay_reserve, which decides, would refuse.
  const [limits, spendable] = await Promise.all([limitsOf(payer), spendableOf(payer.userId)]);
  if (limits.isFrozen) throw new DomainError("account_frozen");
  const [least] = limits.day;
  if (least && amountUsdMicros > least.leftUsdMicros) throw dayLimitError(least.rule, least.leftUsdMicros);
  const { chainId, parts } = await chooseChain(store, spendable, amountUsdMicros, await offeredChoice(payer.userId, choice));
  const ownUsdMicros = parts.reduce((sum, part) => (part.kind === "own" ? sum + part.amountUsdMicros : sum), 0n);
  const quote: Quote = {
    payerId: payer.userId,
    storeId: store.id,
    shortCode: store.shortCode,
    chainId,
    currency,
    amountUsdMicros,
    amountBrlCentavos,
    brlPerUsdMicros,
    rateAt,
    parts,
    choice: { isDollarsOnly: choice.isDollarsOnly, offStoreIds: [...choice.offStoreIds] },
    // What is handed over in the store's own rewards earns none. Issuance falls by half a percent every 90 days: the promise holds also
    // when the payment lands at its last possible moment.
    rewardUnits: expectedReward({ amountUsdMicros: amountUsdMicros - ownUsdMicros, rewardRateBps: store.rewardRateBps, startsAt: unixSeconds(store.startsAt ?? now), now: unixSeconds(now) + LANDING_SECONDS_MAX }),
    ...(charge && { charge }),
    expiresAt: new Date(now.getTime() + QUOTE_LIFE_MS),
  };
  return { quote, signed: signQuote(quote) };
}

const unixSeconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** One operation is one chain: the default one when the price can be paid there, else any other where it can. */
async function chooseChain(store: PayableStore, spendable: readonly Spendable[], amountUsdMicros: bigint, choice: PartsChoice): Promise<{ chainId: Quote["chainId"]; parts: Part[] }> {
  if (spendable.length === 0) throw new DomainError("account_not_ready");
  let bestUsdMicros = 0n;
  for (const { chainId } of store.deployments) {
    const wallet = spendable.find((one) => one.chainId === chainId);
    if (!wallet) continue;
    const chosen = await choosePresent(store.id, wallet, amountUsdMicros, choice);
    if (chosen.isPayable) return { chainId, parts: chosen.parts };
    if (chosen.reachableUsdMicros > bestUsdMicros) bestUsdMicros = chosen.reachableUsdMicros;
  }
  const everywhere = spendable.reduce((sum, { dollarsUsdMicros }) => sum + dollarsUsdMicros, 0n);
  throw new DomainError("balance_insufficient", {
    availableUsdMicros: bestUsdMicros.toString(),
    missingUsdMicros: (amountUsdMicros - bestUsdMicros).toString(),
    /** Whether dollars of the other chains, brought together, would reach. */
    reachesTogether: everywhere >= amountUsdMicros ? 1 : 0,
  });
}

/** The choice at the head of the chain: the stores that take part are asked what their rewards bring now, and it is chosen anew. */
async function choosePresent(storeId: string, wallet: Spendable, amountUsdMicros: bigint, choice: PartsChoice): Promise<Chosen> {
  let rewards = wallet.rewards;
  const asked = new Set<number>();
  for (let round = 1; ; round += 1) {
    const chosen = chooseParts(amountUsdMicros, { storeId, rewards, dollarsUsdMicros: wallet.dollarsUsdMicros, choice });
    const used = new Set(chosen.isPayable ? chosen.parts.flatMap((part) => (part.kind === "dollars" ? [] : [part.storeId])) : []);
    const open = rewards.filter((holding) => used.has(holding.storeId) && !asked.has(holding.projectId));
    if (open.length === 0 || round > ROUNDS_MAX) return chosen;
    const states = await presentStates(wallet.chainId, open.map(({ projectId }) => projectId));
    if (!states) return chosen;
    for (const { projectId } of open) asked.add(projectId);
    rewards = rewards.map((holding) => {
      const state = states.get(holding.projectId);
      return state ? { ...holding, state } : holding;
    });
  }
}

/** Rewards that a payer can switch on and off at a review. */
export type RewardsChoice = { store: SpendableRewards["store"]; isOwn: boolean; valueUsdMicros: bigint; isOn: boolean };
/** Rewards that can't take part, and why; `elsewhere` are held where this payment doesn't go. */
export type RewardsLeftOut = { store: SpendableRewards["store"]; valueUsdMicros: bigint; reason: LeftOut["reason"] | "elsewhere"; until: Date | null };
export type RewardsBeside = { stores: ReadonlyMap<string, SpendableRewards["store"]>; choices: RewardsChoice[]; leftOut: RewardsLeftOut[] };

/** What the review says beside the parts of a quote: what can be switched, and what is left out for which reason. */
export async function rewardsBeside(payer: Pick<Payer, "userId">, { chainId, storeId, amountUsdMicros, parts, choice }: Quote): Promise<RewardsBeside> {
  if ((await offeredChoice(payer.userId, ALL_PARTS)).isDollarsOnly) return { stores: new Map(), choices: [], leftOut: [] };
  const spendable = await spendableOf(payer.userId);
  const here = spendable.find((wallet) => wallet.chainId === chainId);
  const rewards = here?.rewards ?? [];
  const { leftOut } = chooseParts(amountUsdMicros, { storeId, rewards, dollarsUsdMicros: here?.dollarsUsdMicros ?? 0n, choice: ALL_PARTS });
  const isOut = new Set(leftOut.map((one) => one.storeId));
  const used = new Set(parts.flatMap((part) => (part.kind === "dollars" ? [] : [part.storeId])));
  const off = new Set(choice.offStoreIds);
  const stores = new Map(rewards.map(({ store }) => [store.id, store]));
  const choices = rewards
    .map((holding) => ({ store: holding.store, isOwn: holding.storeId === storeId, valueUsdMicros: cashOutNetUsdMicros(holding.state, holding.availableUnits), isOn: !choice.isDollarsOnly && !off.has(holding.storeId) }))
    .filter(({ store, valueUsdMicros }) => valueUsdMicros >= CRUMB_USD_MICROS && (used.has(store.id) || off.has(store.id) || !isOut.has(store.id)))
    .toSorted((a, b) => rankOf(a, used, off) - rankOf(b, used, off))
    .slice(0, CHOICES_MAX);
  const elsewhere = spendable.flatMap((wallet) => (wallet.chainId === chainId ? [] : wallet.rewards.filter((holding) => !stores.has(holding.storeId))));
  const out = [
    ...leftOut.flatMap(({ storeId: id, ...one }) => {
      const store = stores.get(id);
      return store && !used.has(id) && !off.has(id) ? [{ store, ...one }] : [];
    }),
    ...elsewhere.map(({ store, state, availableUnits }) => ({ store, valueUsdMicros: cashOutNetUsdMicros(state, availableUnits), reason: "elsewhere" as const, until: null })),
  ];
  // Where rewards pay all of it, or none by the payer's own word, nobody asks why some take no part.
  const isWorthSaying = !choice.isDollarsOnly && parts.some(({ kind }) => kind === "dollars");
  return { stores, choices, leftOut: !isWorthSaying ? [] : out.filter(({ valueUsdMicros }) => valueUsdMicros >= CRUMB_USD_MICROS).toSorted((a, b) => (a.valueUsdMicros < b.valueUsdMicros ? 1 : -1)).slice(0, LEFT_OUT_MAX) };
}

/** This store's first, then what takes part or was switched off, then the rest by age. */
const rankOf = ({ store, isOwn }: RewardsChoice, used: ReadonlySet<string>, off: ReadonlySet<string>) => (isOwn ? 0 : used.has(store.id) || off.has(store.id) ? 1 : 2);
