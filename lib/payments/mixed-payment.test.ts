import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeOpenStore, makePayer, paymentOf, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { makeRate } from "@/lib/test/factories";
import { chainBalances, confirmQuoted, earnAt, quoteAt, type WorldStore } from "@/lib/test/mixed-world";
import { getPayment } from "./queries";

process.env.CHAIN_IDS = "84532";
const usd = (dollars: number) => BigInt(Math.round(dollars * 1_000_000));
let world: ChainWorld;
let bakery: WorldStore;
let surf: WorldStore;
let bar: WorldStore;
let cafe: WorldStore;
beforeAll(async () => {
  world = await startChainWorld();
  [bakery, surf, bar, cafe] = [await makeOpenStore(world), await makeOpenStore(world), await makeOpenStore(world), await makeOpenStore(world)];
  await makeRate();
});
afterAll(() => world.stop());

/** A person with rewards of three stores, the bakery's the oldest, and dollars. */
async function makeRegular() {
  const payer = await makePayer(world, usd(200));
  await earnAt(world, payer, [[bakery, usd(40)], [surf, usd(30)], [bar, usd(20)]]);
  return payer;
}

describe("rewards of three stores pay at a fourth", () => {
  test("to the unit as the screen said", async () => {
    const payer = await makeRegular();
    const quoted = await quoteAt(world, payer, cafe);
    const { parts, amountUsdMicros, rewardUnits } = quoted.quote;
    const dollars = amountUsdMicros - usd(4.5);
    expect(parts.map((part) => [part.kind, part.kind === "dollars" ? null : part.storeId, part.amountUsdMicros])).toEqual([
      ["other", bakery.storeId, usd(2)], ["other", surf.storeId, usd(1.5)], ["other", bar.storeId, usd(1)], ["dollars", null, dollars],
    ]);
    const stores = [bakery, surf, bar, cafe];
    const before = await chainBalances(world, payer, stores);
    const id = await confirmQuoted(payer, quoted);
    await world.settle();
    expect(await paymentOf(id)).toMatchObject({ status: "confirmed", operation: "succeeded", reserved: "0" });

    const after = await chainBalances(world, payer, stores);
    expect(after.dollars).toBe(before.dollars - dollars);
    expect(after.rewards).toEqual([0n, 0n, 0n, rewardUnits]);
    const view = await getPayment(payer, id);
    expect(view.parts.reduce((sum, part) => sum + part.amountUsdMicros, 0n)).toBe(amountUsdMicros);
    expect(view.parts.map(({ kind, store, surplusUsdMicros }) => [kind, store?.id, surplusUsdMicros])).toEqual([
      ["other", bakery.storeId, 0n], ["other", surf.storeId, 0n], ["other", bar.storeId, 0n], ["dollars", undefined, 0n],
    ]);
  });
});
