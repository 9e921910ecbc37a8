import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Address } from "@/lib/chain/addresses";
import { bringTogether, booksOf, chainsHold, finish, startBridgedWorld, stateOf, supplyOf, turn, WHEELS, type BridgedWorld, type Wheel } from "@/lib/test/consolidation-world";
import { confirm, dollarsOf, makeOpenStore, makePayer, must, type Payer } from "@/lib/test/chain-world";

const ROUNDS = 5;
const START_USD_MICROS = 20_000_000n;

let world: BridgedWorld;
let stores: { storeId: string; shortCode: string }[];
beforeAll(async () => {
  world = await startBridgedWorld();
  stores = [await makeOpenStore(world.worlds), await makeOpenStore(world.worlds)];
}, 120_000);
afterAll(() => world.stop());
beforeEach(() => {
  world.iris.knobs.isWrong = false;
  world.iris.knobs.missingUntil = 0;
});

const tokenOf = async (storeId: string) => must((await sql<{ token_address: Address }[]>`SELECT token_address FROM store_deployments WHERE store_id = ${storeId} LIMIT 1`)[0]).token_address;

/** Somebody with dollars on both chains, and rewards of these stores on the one that is not the default. */
async function makeHolder(rewardsOf: readonly { storeId: string; shortCode: string }[] = []): Promise<Payer> {
  const payer = await makePayer(world.worlds, START_USD_MICROS);
  for (const store of rewardsOf) {
    await confirm(payer, store, 4_000_000n, { chainId: "11155420" });
    await world.op.settle();
  }
  return payer;
}

test("dollars and the rewards of two stores are brought together; books and chains agree before, meanwhile and after", async () => {
  const payer = await makeHolder(stores);
  const before = await booksOf(payer);
  const supply = await supplyOf(world);
  const ids = [await bringTogether(payer), await bringTogether(payer, stores[0]!.storeId), await bringTogether(payer, stores[1]!.storeId)];
  expect(await booksOf(payer)).toEqual(before);
  await finish(world);
  for (const id of ids) expect(await stateOf(id)).toMatchObject({ stage: "arrived", status: "confirmed", problem: null });
  const after = await booksOf(payer);
  const fee = 12_000_000n - BigInt((await stateOf(must(ids[0]))).arrived_units ?? 0);
  expect(fee).toBe(1_200n);
  expect(after).toEqual({ ...before, dollars: must(before.dollars) - fee });
  expect(await dollarsOf(payer.userId, "11155420")).toEqual({ settled: 0n, available: 0n });
  expect(await chainsHold(world, payer)).toBe(after.dollars);
  for (const { storeId } of stores) {
    const token = await tokenOf(storeId);
    expect(await chainsHold(world, payer, () => token)).toBe(after[storeId]);
    const [row] = await sql<{ balance: string }[]>`SELECT balance::text FROM token_balances WHERE user_id = ${payer.userId} AND store_id = ${storeId} AND chain_id = '84532'`;
    expect(BigInt(must(row).balance)).toBe(after[storeId]);
  }
  // The relay mints what the router keeps on the other side; everything else was burned before it was minted.
  const [kept] = await sql<{ sum: string }[]>`SELECT COALESCE(sum(leaf_usd_micros), 0)::text AS sum FROM consolidations WHERE id = ANY (${ids}::uuid[])`;
  expect(await supplyOf(world)).toBe(supply + BigInt(must(kept).sum));
});

/** Every place where a process can die, in the order in which a consolidation passes them: after this wheel was turned this often. */
const DEATHS: { kind: "dollars" | "rewards"; after: [Wheel, number][]; loses?: boolean }[] = [
  { kind: "dollars", after: [] },
  { kind: "dollars", after: [["sign", 1]] },
  { kind: "dollars", after: [["sign", 1], ["bundle", 1]] },
  { kind: "dollars", after: [["sign", 1], ["bundle", 1], ["follow", 1]] },
  { kind: "dollars", after: [["sign", 1], ["bundle", 1], ["follow", 1], ["advance", 4]] },
  { kind: "dollars", after: [["sign", 1], ["bundle", 1], ["follow", 1], ["advance", 5]] },
  { kind: "dollars", after: [["sign", 1], ["bundle", 1], ["follow", 1], ["advance", 5], ["call", 1]] },
  { kind: "rewards", after: [] },
  { kind: "rewards", after: [["sign", 1], ["bundle", 1]] },
  { kind: "rewards", after: [["sign", 1], ["bundle", 1], ["follow", 1]] },
  { kind: "rewards", after: [["sign", 1], ["bundle", 1], ["follow", 1], ["advance", 1]] },
  { kind: "rewards", after: [["sign", 1], ["bundle", 1], ["follow", 1], ["advance", 1], ["call", 1]] },
  { kind: "rewards", after: [["sign", 1], ["bundle", 1], ["follow", 1], ["advance", 1], ["call", 1], ["advance", 1]] },
  { kind: "rewards", after: [["sign", 1], ["bundle", 1], ["follow", 1], ["advance", 1], ["call", 1], ["advance", 1], ["relay", 1]] },
  { kind: "rewards", after: [["sign", 1], ["bundle", 1], ["follow", 1], ["advance", 1], ["call", 1], ["advance", 1], ["relay", 1], ["advance", 2]] },
  { kind: "rewards", after: [["sign", 1], ["bundle", 1], ["follow", 1], ["advance", 1], ["call", 1], ["advance", 1], ["relay", 1], ["advance", 2], ["call", 1]] },
];

describe("a process that dies between two steps", () => {
  test.each(DEATHS.map((death) => [`${death.kind} after ${death.after.map(([wheel, times]) => `${wheel}×${times}`).join(" ") || "the tap"}`, death] as const))("%s: finished afterwards, nothing lost or doubled, five times", async (_name, { kind, after }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const store = must(stores[round % 2]);
      const payer = await makeHolder(kind === "rewards" ? [store] : []);
      const before = await booksOf(payer);
      const id = await bringTogether(payer, kind === "rewards" ? store.storeId : null);
      for (const [wheel, times] of after) for (let count = 0; count < times; count += 1) await turn(world, wheel);
      expect(await booksOf(payer)).toEqual(before);
      // All that a process has in memory is gone; the next one has only what the database and the chains say.
      for (const one of world.worlds) one.restartBundler();
      await finish(world);
      const { stage, arrived_units, units } = await stateOf(id);
      expect(stage).toBe("arrived");
      const fee = kind === "dollars" ? BigInt(units) - BigInt(arrived_units ?? 0) : 0n;
      expect(await booksOf(payer)).toEqual({ ...before, dollars: must(before.dollars) - fee });
      expect(await chainsHold(world, payer)).toBe(must(before.dollars) - fee);
    }
  }, 120_000);

  test("recorded and never sent: the same bytes go out, once, for bundle and call alike", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const payer = await makeHolder();
      const before = await booksOf(payer);
      await bringTogether(payer);
      await turn(world, "sign");
      const { unsentOperations } = await import("@/lib/operations/outgoing");
      const [{ chainConditions }, { OperatorBundler }] = [await import("@/lib/operations/chain-conditions"), await import("@/lib/operations/bundler-operator")];
      const bundlerOf = (one: BridgedWorld["base"]) => new OperatorBundler({ chainId: one.chainId, operatorKey: one.operatorKey, lease: one.operator, stuckMs: 0 });
      const { nextBlockTime } = await chainConditions("11155420");
      // Booked, and the process is gone before it sends.
      expect(await bundlerOf(world.op).book(await unsentOperations("11155420", nextBlockTime, 10))).not.toBeNull();
      for (const one of world.worlds) one.restartBundler();
      for (const wheel of ["tend", "follow", "advance", "advance", "advance", "advance", "advance"] as const) await turn(world, wheel);
      expect(await bundlerOf(world.base).bookCall()).not.toBeNull();
      expect(await booksOf(payer)).toEqual(before);
      for (const one of world.worlds) one.restartBundler();
      await finish(world);
      const calls = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM operator_transactions WHERE call_id IS NOT NULL AND status = 'mined' GROUP BY call_id HAVING count(*) > 1`;
      expect(calls).toHaveLength(0);
      expect(await chainsHold(world, payer)).toBe(2n * START_USD_MICROS - 2_000n);
    }
  }, 120_000);
});

test("every wheel turned twice by two workers changes nothing", async () => {
  const payer = await makeHolder();
  await bringTogether(payer);
  for (let round = 0; round < 8; round += 1) for (const wheel of WHEELS) await Promise.all(wheel === "advance" ? [turn(world, wheel), turn(world, wheel)] : [turn(world, wheel)]);
  await finish(world);
  expect(await chainsHold(world, payer)).toBe(2n * START_USD_MICROS - 2_000n);
});
