import { cashOut, cashOutNetUsdMicros, unitsForNetUsdMicros, type TokenState } from "@/lib/chain/cash-out";
import { invariant } from "@/lib/errors";

/** Stores beside the paid one whose rewards one payment uses: each costs a cash-out in the same operation (PRODUCT.md §4). */
export const OTHER_STORES_MAX = 3;
/** The least that another store's rewards pay, US$ 0.50: below it the part costs more gas than it is worth. */
export const OTHER_PART_USD_MICROS_MIN = 500_000n;
/** A crumb: less than a cent of this store's rewards or of dollars is no part of its own. */
export const CRUMB_USD_MICROS = 10_000n;
/** What is sold of a store with a cash-out tax, in percent of the need: its value drifts with every sale there (chain/CHAIN.md §7a). */
const TAXED_HEADROOM_PERCENT = 101n;

/** Rewards of one store on one chain. */
export type RewardHolding = {
  storeId: string;
  availableUnits: bigint;
  state: TokenState;
  /** Where this stands among the person's rewards by when each was first earned; the oldest is 0. */
  age: number;
  /** Cash-outs there revert until then; null when they don't. */
  delayedUntil: Date | null;
};

/** What the payer decided: no rewards at all, or none of these stores. */
export type PartsChoice = { isDollarsOnly: boolean; offStoreIds: readonly string[] };

export type Wallet = { storeId: string; rewards: readonly RewardHolding[]; dollarsUsdMicros: bigint; choice: PartsChoice };

export type RewardsPart = {
  /** `own`: of the store that is paid, handed over. `other`: of another store, cashed out. */
  kind: "own" | "other";
  storeId: string;
  /** Its share of the price; a cash-out brings at least this or the payment reverts. */
  amountUsdMicros: bigint;
  units: bigint;
  /** What the protocol keeps of a cash-out; 0 without a cash-out tax. */
  feeUsdMicros: bigint;
  /** What a cash-out is expected to bring above its share: it stays as the payer's dollars. */
  surplusUsdMicros: bigint;
};
export type Part = RewardsPart | { kind: "dollars"; amountUsdMicros: bigint };

/** Why rewards take no part: cash-outs wait at that store, too little for a part, or more than so many stores. */
export type LeftOut = { storeId: string; valueUsdMicros: bigint; reason: "delayed" | "small" | "many"; until: Date | null };

export type Chosen =
  | { isPayable: true; parts: Part[]; leftOut: LeftOut[] }
  /** `reachableUsdMicros`: the most at or below the price that could be paid here. */
  | { isPayable: false; reachableUsdMicros: bigint; leftOut: LeftOut[] };

/** One source of money: nothing of it is taken, or an amount between the two. */
type Source = { least: bigint; most: bigint };
type RewardsSource = Source & { holding: RewardHolding; kind: "own" | "other" };

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const divideUp = (a: bigint, b: bigint) => (a + b - 1n) / b;

/** The net that has to be sold for a share of the price. At tax 0 the value is linear and others' sales never lower it: exactly the share. */
const soldFor = ({ cashOutTaxRate }: TokenState, amountUsdMicros: bigint) => (cashOutTaxRate === 0 ? amountUsdMicros : divideUp(amountUsdMicros * TAXED_HEADROOM_PERCENT, 100n));

/** The largest share of a price that a cash-out carries which brings so much. */
const shareOf = ({ cashOutTaxRate }: TokenState, netUsdMicros: bigint): bigint => (cashOutTaxRate === 0 ? netUsdMicros : (netUsdMicros * 100n) / TAXED_HEADROOM_PERCENT);

/** The fewest tokens that make a share of the price, or null when all of them don't. */
const unitsForShare = (kind: "own" | "other", state: TokenState, amountUsdMicros: bigint): bigint | null =>
  unitsForNetUsdMicros(state, kind === "own" ? amountUsdMicros : soldFor(state, amountUsdMicros));

/**
 * How a price is paid on one chain: this store's rewards first, then those of up to three others, the oldest first, then dollars
 * (PRODUCT.md §4). The parts add up to the price to the micro-dollar, none is more than is there, no other store's is below US$ 0.50,
 * and no part is a crumb unless the price can't be paid otherwise. Where the three oldest don't reach, the three with the most do.
 * Pure: browser and server choose the same.
 */
export function chooseParts(amountUsdMicros: bigint, wallet: Wallet): Chosen {
  invariant(amountUsdMicros > 0n, "a price is more than nothing");
  const { own, others, leftOut } = sourcesOf(wallet);
  const dollars = { least: CRUMB_USD_MICROS, most: wallet.dollarsUsdMicros };
  const oldest = others.slice(0, OTHER_STORES_MAX);
  const largest = largestOf(others);
  for (const rewards of others.length > OTHER_STORES_MAX ? [oldest, largest] : [oldest]) {
    for (const dollarSource of [dollars, { ...dollars, least: 1n }]) {
      const shares = fill(amountUsdMicros, [...own, ...rewards, dollarSource]);
      if (shares) return { isPayable: true, parts: partsOf([...own, ...rewards], shares), leftOut: withTooMany(leftOut, others, rewards, shares) };
    }
  }
  const reachableUsdMicros = totalsOf([...own, ...largest, { ...dollars, least: 1n }]).reduce((best, { low, high }) => (low > amountUsdMicros ? best : least(high, amountUsdMicros) > best ? least(high, amountUsdMicros) : best), 0n);
  return { isPayable: false, reachableUsdMicros, leftOut };
}

/** The most that can be paid on one chain in one payment. */
export function payableUsdMicros(wallet: Wallet): bigint {
  const { own, others } = sourcesOf(wallet);
  return [...own, ...largestOf(others)].reduce((sum, { most }) => sum + most, wallet.dollarsUsdMicros);
}

/** Those with the most, in the order of their age. */
const largestOf = (others: readonly RewardsSource[]): RewardsSource[] =>
  others.toSorted((a, b) => (a.most === b.most ? a.holding.age - b.holding.age : a.most < b.most ? 1 : -1)).slice(0, OTHER_STORES_MAX).toSorted((a, b) => a.holding.age - b.holding.age);

function sourcesOf({ storeId, rewards, choice }: Wallet) {
  const own: RewardsSource[] = [];
  const others: RewardsSource[] = [];
  const leftOut: LeftOut[] = [];
  const off = new Set(choice.offStoreIds);
  for (const holding of choice.isDollarsOnly ? [] : rewards.toSorted((a, b) => a.age - b.age)) {
    if (off.has(holding.storeId)) continue;
    const valueUsdMicros = cashOutNetUsdMicros(holding.state, holding.availableUnits);
    if (holding.storeId === storeId) {
      if (valueUsdMicros >= CRUMB_USD_MICROS) own.push({ holding, kind: "own", least: CRUMB_USD_MICROS, most: valueUsdMicros });
      continue;
    }
    const most = shareOf(holding.state, valueUsdMicros);
    const isSmall = most < OTHER_PART_USD_MICROS_MIN;
    if (holding.delayedUntil === null && !isSmall) others.push({ holding, kind: "other", least: OTHER_PART_USD_MICROS_MIN, most });
    else if (valueUsdMicros >= CRUMB_USD_MICROS) leftOut.push({ storeId: holding.storeId, valueUsdMicros, reason: isSmall ? "small" : "delayed", until: isSmall ? null : holding.delayedUntil });
  }
  return { own, others, leftOut };
}

type Span = { low: bigint; high: bigint };

/** Every total that some of the sources can make: a span for each choice of them, nothing among them. */
const totalsOf = (sources: readonly Source[]): Span[] =>
  sources.reduce<Span[]>(
    (totals, { least: low, most: high }) => (high < low ? totals : [...totals, ...totals.map((total) => ({ low: total.low + low, high: total.high + high }))]),
    [{ low: 0n, high: 0n }],
  );

/** As much as possible of each source in turn, so that the rest can still be made; null when it can't at all. */
function fill(amount: bigint, sources: readonly Source[]): bigint[] | null {
  let rest = amount;
  const shares: bigint[] = [];
  for (const [index, source] of sources.entries()) {
    const share = largestShare(rest, source, totalsOf(sources.slice(index + 1)));
    if (share === null) return null;
    shares.push(share);
    rest -= share;
  }
  return rest === 0n ? shares : null;
}

function largestShare(rest: bigint, { least: low, most: high }: Source, later: readonly Span[]): bigint | null {
  let best: bigint | null = null;
  for (const span of later) {
    // rest - share lies in the span, and the share is nothing or within the source's bounds.
    const top = least(high, rest - span.low);
    const bottom = rest - span.high > low ? rest - span.high : low;
    if (top >= bottom && (best === null || top > best)) best = top;
    if (best === null && span.low <= rest && rest <= span.high) best = 0n;
  }
  return best;
}

function partsOf(rewards: readonly RewardsSource[], shares: readonly bigint[]): Part[] {
  const parts = rewards.flatMap(({ holding, kind }, index): Part[] => {
    const amountUsdMicros = shares[index] ?? 0n;
    if (amountUsdMicros === 0n) return [];
    const units = unitsForShare(kind, holding.state, amountUsdMicros);
    invariant(units !== null && units <= holding.availableUnits, "a share is never more than its tokens are worth");
    if (kind === "own") return [{ kind, storeId: holding.storeId, amountUsdMicros, units, feeUsdMicros: 0n, surplusUsdMicros: 0n }];
    const { netUsdMicros, protocolFeeUsdMicros, deployerFeeUsdMicros } = cashOut(holding.state, units);
    return [{ kind, storeId: holding.storeId, amountUsdMicros, units, feeUsdMicros: protocolFeeUsdMicros + deployerFeeUsdMicros, surplusUsdMicros: netUsdMicros - amountUsdMicros }];
  });
  const dollars = shares[rewards.length] ?? 0n;
  return dollars === 0n ? parts : [...parts, { kind: "dollars", amountUsdMicros: dollars }];
}

/** A fourth store is worth a word only where dollars stood in for it. */
function withTooMany(leftOut: LeftOut[], others: readonly RewardsSource[], used: readonly RewardsSource[], shares: readonly bigint[]): LeftOut[] {
  if (others.length <= OTHER_STORES_MAX || (shares.at(-1) ?? 0n) === 0n) return leftOut;
  const more = others.filter((source) => !used.includes(source));
  return [...leftOut, ...more.map(({ holding, most }) => ({ storeId: holding.storeId, valueUsdMicros: most, reason: "many" as const, until: null }))];
}

/** Whether a part still brings its share at another state of the store: what stops a payment before it is signed. */
export function stillBrings({ kind, amountUsdMicros, units }: Pick<RewardsPart, "kind" | "amountUsdMicros" | "units">, state: TokenState, delayedUntil: Date | null): boolean {
  if (kind === "other" && delayedUntil !== null) return false;
  return cashOutNetUsdMicros(state, units) >= amountUsdMicros;
}
