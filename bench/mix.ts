import { randomUUID } from "node:crypto";
import type { RewardHolding, Wallet } from "@/lib/payments/choose-parts";
import { newId } from "@/lib/ids";
import { startBenchDatabase } from "./database";
import { machine, percentile } from "./measure";

const BALANCES = 200;
const CHOICES = 20_000;
const QUOTES = 300;
const REFRESHES = 100;
const WARM_UP = 20;
const TARGETS_MS = { choice: 2, quote: 150, refresh: 200 } as const;

/**
 * What a mixed payment costs before it is paid: the pure choice among 200 reward balances, a whole quote with the chain asked about
 * the stores that take part, and a balance from its block to the page. One process, a durable database, anvil with the real contracts.
 */
const database = await startBenchDatabase();
const { closeDatabase, sql } = await import("@/db/client");
const { balanceOf, holdingsOf } = await import("@/lib/balances/queries");
const { usdcFaucet } = await import("@/lib/dev/chain/usdc-faucet");
const { chooseParts } = await import("@/lib/payments/choose-parts");
const { makeOpenStore, makePayer, startChainWorld } = await import("@/lib/test/chain-world");
const { makeRate, makeStore } = await import("@/lib/test/factories");
const { earnAt, quoteAt } = await import("@/lib/test/mixed-world");

async function timesOf(times: number, one: (turn: number) => unknown): Promise<number[]> {
  for (let turn = 0; turn < WARM_UP; turn++) await one(turn);
  const samples: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const startedAt = performance.now();
    await one(turn);
    samples.push(performance.now() - startedAt);
  }
  return samples;
}

/** Every second store has a cash-out tax, whose arithmetic is the dearer one; prices from none of the rewards to nearly all. */
const rewards = Array.from({ length: BALANCES }, (_, age): RewardHolding => ({
  storeId: randomUUID(), age, delayedUntil: null, availableUnits: 10n ** 21n * BigInt(1 + (age % 7)),
  state: { surplusUsdMicros: 1_234_567_891n, supplyUnits: 1_234_567_891n * 10n ** 15n + 7n, cashOutTaxRate: age % 2 === 0 ? 0 : 1_000 },
}));
const wallet: Wallet = { storeId: rewards[BALANCES / 2]!.storeId, rewards, dollarsUsdMicros: 50_000_000n, choice: { isDollarsOnly: false, offStoreIds: [] } };
const cpuBefore = process.cpuUsage();
const choices = await timesOf(CHOICES, (turn) => chooseParts(500_000n + BigInt(turn % 70) * 1_000_003n, wallet));
/** What a choice takes of a core: on a shared machine the percentiles above a few milliseconds are the waits of others. */
const { user, system } = process.cpuUsage(cpuBefore);
const cpuMsPerChoice = (user + system) / 1_000 / (CHOICES + WARM_UP);

const world = await startChainWorld();
const [first, second, third, target] = [await makeOpenStore(world), await makeOpenStore(world), await makeOpenStore(world), await makeOpenStore(world)];
await makeRate();
const payer = await makePayer(world, 300_000_000n);
await earnAt(world, payer, [[first, 40_000_000n], [second, 30_000_000n], [third, 20_000_000n], [target, 24_000_000n]]);
// The rest of the 200 is younger and only in the books: it is chosen among, and the chain is asked about none of it.
for (let count = 4; count < BALANCES; count++) {
  const { storeId } = await makeStore();
  await sql`INSERT INTO revnet_states (store_id, chain_id, surplus_usd_micros, supply, pending_reserved, borrowed_usd_micros, collateral, block_number) VALUES (${storeId}, '84532', 1000000000, 1000000000000000000000000, 0, 0, 0, 1)`;
  await sql`INSERT INTO token_balances (id, user_id, chain_id, token_address, store_id, balance) SELECT ${newId()}, ${payer.userId}, chain_id, token_address, store_id, 2000000000000000000000 FROM store_deployments WHERE store_id = ${storeId}`;
}
const made = await quoteAt(world, payer, target);
if (made.quote.parts.length !== 5) throw new Error(`The quote has ${made.quote.parts.length} parts`);
const quotes = await timesOf(QUOTES, () => quoteAt(world, payer, target));

/** From the moment the block is there: sending the dollars is the faucet's time. */
const refreshes: number[] = [];
await timesOf(REFRESHES, async () => {
  const before = balanceOf(await holdingsOf(payer.userId)).dollarsUsdMicros;
  await usdcFaucet({ client: world.chain.client, chainId: world.chainId, to: payer.address, amountUsdMicros: 1n });
  const minedAt = performance.now();
  await world.follow();
  const after = balanceOf(await holdingsOf(payer.userId)).dollarsUsdMicros;
  if (after !== before + 1n) throw new Error("the balance did not move");
  refreshes.push(performance.now() - minedAt);
});

const say = (what: string, values: number[], share: number, targetMs: number) =>
  console.log(`  ${what.padEnd(46)} p50 ${percentile(values, 0.5).toFixed(2)} ms   p95 ${percentile(values, 0.95).toFixed(2)} ms   p99 ${percentile(values, 0.99).toFixed(2)} ms   (target p${share * 100} ≤ ${targetMs} ms)`);
console.log(`bench:mix on ${machine()}; ${BALANCES} reward balances`);
say(`choosing the parts, ${CHOICES} times`, choices, 0.99, TARGETS_MS.choice);
console.log(`  ${"the same in processor time".padEnd(46)} ${cpuMsPerChoice.toFixed(2)} ms a choice`);
say(`a quote of five parts with live reads, ${QUOTES} times`, quotes, 0.95, TARGETS_MS.quote);
say(`a block followed and the balance read, ${REFRESHES} times`, refreshes.slice(WARM_UP), 0.95, TARGETS_MS.refresh);

await world.stop();
await closeDatabase();
await database.stop();
