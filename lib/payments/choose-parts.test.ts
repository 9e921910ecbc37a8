import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cashOutNetUsdMicros, MAX_CASH_OUT_TAX_RATE } from "@/lib/chain/cash-out";
import { chooseParts, CRUMB_USD_MICROS, OTHER_PART_USD_MICROS_MIN, OTHER_STORES_MAX, payableUsdMicros, stillBrings, type Chosen, type Part, type RewardHolding, type Wallet } from "./choose-parts";

const NOW = new Date("2026-11-28T12:00:00Z");
const STORE = "store-0";
const RUNS = 2_000;
const usd = (dollars: number) => BigInt(Math.round(dollars * 1_000_000));
const ALL = { isDollarsOnly: false, offStoreIds: [] };

/** Rewards of a store at 1,000 tokens a dollar, worth so many dollars. */
function rewards(storeId: string, dollars: number, age = 0, change: Partial<RewardHolding> = {}): RewardHolding {
  return { storeId, availableUnits: usd(dollars) * 10n ** 15n, state: { surplusUsdMicros: usd(1_000), supplyUnits: usd(1_000) * 10n ** 15n, cashOutTaxRate: 0 }, age, delayedUntil: null, ...change };
}
const wallet = (change: Partial<Wallet>): Wallet => ({ storeId: STORE, rewards: [], dollarsUsdMicros: 0n, choice: ALL, ...change });
const shown = (chosen: Chosen) => (chosen.isPayable ? chosen.parts.map((part) => `${part.kind === "dollars" ? "dollars" : part.storeId} ${Number(part.amountUsdMicros) / 1e6}`) : ["no"]);

describe("the choice", () => {
  test("this store's rewards, then the oldest of others, then dollars", () => {
    const chosen = chooseParts(usd(7), wallet({ rewards: [rewards("new", 0.8, 3), rewards(STORE, 2.2, 2), rewards("old", 1.2, 1)], dollarsUsdMicros: usd(50) }));
    expect(shown(chosen)).toEqual(["store-0 2.2", "old 1.2", "new 0.8", "dollars 2.8"]);
  });

  test.each<[string, number, Partial<Wallet>, string[]]>([
    ["all in own rewards", 2, { rewards: [rewards(STORE, 5)] }, ["store-0 2"]],
    ["dollars only", 2, { rewards: [rewards(STORE, 5)], dollarsUsdMicros: usd(3), choice: { isDollarsOnly: true, offStoreIds: [] } }, ["dollars 2"]],
    ["a store switched off", 2, { rewards: [rewards(STORE, 5), rewards("b", 1)], dollarsUsdMicros: usd(3), choice: { isDollarsOnly: false, offStoreIds: [STORE] } }, ["b 1", "dollars 1"]],
    ["less than fifty cents of another store", 2, { rewards: [rewards("b", 0.49)], dollarsUsdMicros: usd(3) }, ["dollars 2"]],
    ["a crumb of dollars is a cent", 2.000_003, { rewards: [rewards(STORE, 2)], dollarsUsdMicros: usd(3) }, ["store-0 1.990003", "dollars 0.01"]],
    ["a crumb of dollars is paid where it is all there is", 2.000_003, { rewards: [rewards(STORE, 2)], dollarsUsdMicros: 3n }, ["store-0 2", "dollars 0.000003"]],
    ["a crumb of own rewards stays", 2, { rewards: [rewards(STORE, 0.009)], dollarsUsdMicros: usd(3) }, ["dollars 2"]],
    ["another store's least share takes from this one's", 10, { rewards: [rewards(STORE, 9.8), rewards("b", 5, 1)] }, ["store-0 9.5", "b 0.5"]],
    ["the three oldest reach", 4, { rewards: [1, 2, 3, 4].map((age) => rewards(`s${age}`, age, age)), dollarsUsdMicros: 0n }, ["s1 1", "s2 2", "s3 1"]],
    ["the three with the most, where the oldest don't reach", 9, { rewards: [1, 2, 3, 4].map((age) => rewards(`s${age}`, age, age)), dollarsUsdMicros: 0n }, ["s2 2", "s3 3", "s4 4"]],
    ["too little altogether", 9, { rewards: [rewards(STORE, 5)], dollarsUsdMicros: usd(3) }, ["no"]],
  ])("%s", (_what, price, change, parts) => {
    expect(shown(chooseParts(usd(price), wallet(change)))).toEqual(parts);
  });

  test("what is left out says why", () => {
    const until = new Date(NOW.getTime() + 86_400_000);
    const many = [1, 2, 3, 4].map((age) => rewards(`s${age}`, 1, age));
    const chosen = chooseParts(usd(7), wallet({ rewards: [...many, rewards("waits", 3, 5, { delayedUntil: until }), rewards("small", 0.3, 6), rewards("crumb", 0.009, 7)], dollarsUsdMicros: usd(50) }));
    expect(chosen.leftOut.map(({ storeId, reason, until: date }) => [storeId, reason, date])).toEqual([["waits", "delayed", until], ["small", "small", null], ["s4", "many", null]]);
  });

  test("what could be paid instead is the most at or below the price", () => {
    expect(chooseParts(usd(0.4), wallet({ rewards: [rewards(STORE, 0.3), rewards("b", 5)] }))).toMatchObject({ isPayable: false, reachableUsdMicros: usd(0.3) });
    expect(chooseParts(usd(9), wallet({ rewards: [rewards(STORE, 5)], dollarsUsdMicros: usd(3) }))).toMatchObject({ isPayable: false, reachableUsdMicros: usd(8) });
  });

  test("with a cash-out tax a hundredth more is sold, and its fees and surplus are said", () => {
    const state = { surplusUsdMicros: usd(500), supplyUnits: usd(500) * 10n ** 15n, cashOutTaxRate: 1_000 };
    const chosen = chooseParts(usd(2), wallet({ rewards: [rewards("b", 10, 0, { state })], dollarsUsdMicros: usd(1) }));
    const [part] = chosen.isPayable ? chosen.parts : [];
    if (part?.kind !== "other") throw new Error("a part of another store");
    expect(part.amountUsdMicros).toBe(usd(2));
    expect(part.surplusUsdMicros).toBeGreaterThanOrEqual(usd(0.02));
    expect(part.surplusUsdMicros).toBeLessThan(usd(0.020_01));
    expect(part.feeUsdMicros).toBeGreaterThan(usd(0.09));
    // A payment at that store moves the value a little, and it still brings its share (chain/CHAIN.md §7a: 0.43 bps).
    expect(stillBrings(part, { ...state, surplusUsdMicros: usd(550), supplyUnits: usd(550) * 10n ** 15n }, null)).toBe(true);
    expect(stillBrings(part, { ...state, surplusUsdMicros: usd(490) }, null)).toBe(false);
    expect(stillBrings(part, state, NOW)).toBe(false);
  });
});

const micros = fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.bigInt({ min: 0n, max: 2_000_000n }), fc.bigInt({ min: 0n, max: 10_000_000_000n }));
const states = fc.record({
  surplusUsdMicros: fc.oneof({ weight: 1, arbitrary: fc.constant(0n) }, { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: 10_000_000_000_000n }) }, { weight: 6, arbitrary: fc.bigInt({ min: 1_000_000n, max: 1_000_000_000n }) }),
  supplyUnits: fc.oneof({ weight: 1, arbitrary: fc.constant(0n) }, { weight: 8, arbitrary: fc.bigInt({ min: 1n, max: 10n ** 31n }) }),
  cashOutTaxRate: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 0, max: MAX_CASH_OUT_TAX_RATE }) }),
});
const holding = fc.record({ state: states, share: fc.integer({ min: 0, max: 1_000 }), isDelayed: fc.boolean(), isTiny: fc.integer({ min: 0, max: 9 }) });
const wallets = fc
  .record({ holdings: fc.array(holding, { maxLength: 12 }), dollarsUsdMicros: micros, hasOwn: fc.boolean(), isDollarsOnly: fc.integer({ min: 0, max: 9 }), off: fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 3 }) })
  .map(({ holdings, dollarsUsdMicros, hasOwn, isDollarsOnly, off }): Wallet => ({
    storeId: STORE,
    dollarsUsdMicros,
    rewards: holdings.map(({ state, share, isDelayed, isTiny }, index) => ({
      storeId: hasOwn && index === 0 ? STORE : `store-${index + 1}`,
      availableUnits: isTiny === 0 ? BigInt(share) : (state.supplyUnits * BigInt(share)) / 5_000n,
      state,
      // Unique, as the order of first earning is.
      age: ((index * 7) % 12) * 100 + index,
      delayedUntil: isDelayed && index % 3 === 0 ? NOW : null,
    })),
    choice: { isDollarsOnly: isDollarsOnly === 0, offStoreIds: off.map((index) => (index === 0 ? STORE : `store-${index + 1}`)) },
  }));
/** Any price, one around the most that can be paid, and one anywhere below it. */
const prices = fc.oneof(
  fc.bigInt({ min: 10_000n, max: 10_000_000_000n }).map((price) => () => price),
  fc.bigInt({ min: -600_000n, max: 600_000n }).map((near) => (payable: bigint) => payable + near),
  fc.bigInt({ min: 1n, max: 1_000n }).map((share) => (payable: bigint) => (payable * share) / 1_000n),
);
const cases = fc.record({ wallet: wallets, priceOf: prices }).map(({ wallet: one, priceOf }) => {
  const price = priceOf(payableUsdMicros(one));
  return { wallet: one, price: price >= 10_000n ? price : 10_000n };
});
const partsOf = (chosen: Chosen): Part[] => (chosen.isPayable ? chosen.parts : []);

/** Each states one sentence of PRODUCT.md §4. */
const PROPERTIES: [string, (one: { wallet: Wallet; price: bigint; chosen: Chosen; holdingOf: (storeId: string) => RewardHolding }) => void][] = [
  ["the parts add up to the price to the micro-dollar", ({ chosen, price }) => {
    if (chosen.isPayable) expect(chosen.parts.reduce((sum, { amountUsdMicros }) => sum + amountUsdMicros, 0n)).toBe(price);
  }],
  ["nothing is more than is available", ({ chosen, wallet: { dollarsUsdMicros }, holdingOf }) => {
    for (const part of partsOf(chosen)) {
      if (part.kind === "dollars") expect(part.amountUsdMicros).toBeLessThanOrEqual(dollarsUsdMicros);
      else expect(part.units).toBeLessThanOrEqual(holdingOf(part.storeId).availableUnits);
    }
  }],
  ["every part of rewards is worth its share, and no fewer tokens are", ({ chosen, holdingOf }) => {
    for (const part of partsOf(chosen)) {
      if (part.kind === "dollars") continue;
      const { state } = holdingOf(part.storeId);
      const sold = part.kind === "other" && state.cashOutTaxRate > 0 ? (part.amountUsdMicros * 101n + 99n) / 100n : part.amountUsdMicros;
      expect(cashOutNetUsdMicros(state, part.units)).toBeGreaterThanOrEqual(sold);
      expect(cashOutNetUsdMicros(state, part.units - 1n)).toBeLessThan(sold);
      expect(part.surplusUsdMicros).toBeGreaterThanOrEqual(0n);
      expect(part.feeUsdMicros).toBeGreaterThanOrEqual(0n);
      expect(stillBrings(part, state, null)).toBe(true);
    }
  }],
  ["at most three other stores, each for fifty cents or more, none while it waits", ({ chosen, holdingOf }) => {
    const others = partsOf(chosen).flatMap((part) => (part.kind === "other" ? [part] : []));
    expect(others.length).toBeLessThanOrEqual(OTHER_STORES_MAX);
    for (const { amountUsdMicros, storeId } of others) {
      expect(amountUsdMicros).toBeGreaterThanOrEqual(OTHER_PART_USD_MICROS_MIN);
      expect(holdingOf(storeId).delayedUntil).toBeNull();
    }
  }],
  ["own, others from the oldest on, dollars: each once and in this order", ({ chosen, holdingOf }) => {
    const places = partsOf(chosen).map((part) => (part.kind === "own" ? -1 : part.kind === "dollars" ? Number.MAX_SAFE_INTEGER : holdingOf(part.storeId).age));
    expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
  }],
  ["what is switched off takes no part", ({ chosen, wallet: { choice } }) => {
    for (const part of partsOf(chosen)) if (part.kind !== "dollars") expect([choice.isDollarsOnly, choice.offStoreIds.includes(part.storeId)]).toEqual([false, false]);
  }],
  ["a crumb only where there is no other way", ({ chosen, price, wallet: one }) => {
    for (const part of partsOf(chosen)) {
      if (part.kind === "own") expect(part.amountUsdMicros).toBeGreaterThanOrEqual(CRUMB_USD_MICROS);
      if (part.kind === "dollars" && part.amountUsdMicros < CRUMB_USD_MICROS) {
        const bestOther = chooseParts(price, { ...one, dollarsUsdMicros: 0n });
        expect(bestOther.isPayable).toBe(false);
      }
    }
  }],
  ["refused is only what can't be paid; what it says could be, can be", ({ chosen, price, wallet: one }) => {
    if (chosen.isPayable) return expect(price).toBeLessThanOrEqual(payableUsdMicros(one));
    expect(chosen.reachableUsdMicros).toBeLessThan(price);
    if (chosen.reachableUsdMicros > 0n) expect(chooseParts(chosen.reachableUsdMicros, one).isPayable).toBe(true);
    if (price <= payableUsdMicros(one)) expect(price - chosen.reachableUsdMicros).toBeLessThanOrEqual(OTHER_PART_USD_MICROS_MIN * BigInt(OTHER_STORES_MAX));
    return undefined;
  }],
  ["dollars are used only where rewards can't be, but for a cent", ({ chosen, price, wallet: one }) => {
    const dollars = partsOf(chosen).find(({ kind }) => kind === "dollars")?.amountUsdMicros ?? 0n;
    const own = partsOf(chosen).find(({ kind }) => kind === "own")?.amountUsdMicros ?? 0n;
    const ownMax = one.rewards.find(({ storeId }) => storeId === STORE);
    if (dollars <= CRUMB_USD_MICROS || one.choice.isDollarsOnly || one.choice.offStoreIds.includes(STORE) || !ownMax) return;
    const worth = cashOutNetUsdMicros(ownMax.state, ownMax.availableUnits);
    if (worth >= CRUMB_USD_MICROS) expect(own).toBe(worth < price ? worth : price);
  }],
  ["the order of the holdings changes nothing", ({ chosen, price, wallet: one }) => {
    expect(chooseParts(price, { ...one, rewards: one.rewards.toReversed() })).toEqual(chosen);
  }],
];

describe(`properties of the choice, ${RUNS} wallets each`, () => {
  test.each(PROPERTIES)("%s", (_sentence, holds) => {
    fc.assert(
      fc.property(cases, ({ wallet: one, price }) => {
        const holdingOf = (storeId: string) => {
          const found = one.rewards.find((reward) => reward.storeId === storeId);
          if (!found) throw new Error(`no rewards of ${storeId}`);
          return found;
        };
        holds({ wallet: one, price, chosen: chooseParts(price, one), holdingOf });
      }),
      { numRuns: RUNS },
    );
  });
});
