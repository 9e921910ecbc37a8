import { randomBytes } from "node:crypto";
import type { Address } from "viem";
import { accountRuntimeCode, encodeExecute, type Call } from "@/lib/chain/account";
import { ENTRY_POINT } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { payCalls } from "@/lib/chain/pay";
import { transferUsdcCall } from "@/lib/chain/usdc";
import { fundOperator, sendAs } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { startBenchDatabase } from "./database";
import { machine } from "./measure";

const CHAINS: ChainId[] = ["84532", "11155420"];
const PEOPLE = 200;
/** 9,000 dollars on their way to people, and 500 payments from outside with two events of ours each. */
const TRANSFERS = 9_000;
const TRANSFERS_A_CALL = 150;
const PAYMENTS = 500;
const PAYMENTS_A_CALL = 20;
const EVENTS = TRANSFERS + 2 * PAYMENTS;
const TARGET_PER_SECOND = 1_000;

/**
 * How fast the follower catches up: a worker that was away finds so many events of ours on each chain, reads them, and writes journal,
 * balances, rewards and payments. Then a start with nothing to catch up, for the cost of the start itself.
 */
const database = await startBenchDatabase();
process.env.CHAIN_IDS = CHAINS.join(",");
const { closeDatabase, sql } = await import("@/db/client");
const { must, makeOpenStore, startChainWorld } = await import("@/lib/test/chain-world");
const { makePerson, makeRate } = await import("@/lib/test/factories");
const { startWorker } = await import("@/lib/worker/run-worker");

await makeRate();
const first = await startChainWorld("84532");
const worlds = [first, await startChainWorld("11155420", first.chain)];
const store = await makeOpenStore(worlds);
const people: Address[] = [];
for (let index = 0; index < PEOPLE; index += 1) people.push((await makePerson()).address as Address);
for (const world of worlds) await Promise.all([world.follower.release(), world.operator.release()]);

type Chain = (typeof first)["chain"];
const someone = (index: number) => must(people[index % PEOPLE]);

/** Somebody outside with a batching account gives dollars to people and pays the store. */
async function makeEvents({ client, chainId }: Chain, projectId: number) {
  const payer: Address = `0x${randomBytes(20).toString("hex")}`;
  await client.setCode({ address: payer, bytecode: accountRuntimeCode() });
  await fundOperator(client, ENTRY_POINT);
  await usdcFaucet({ client, chainId, to: payer, amountUsdMicros: 100_000_000_000n });
  const send = (calls: Call[]) => sendAs(client, ENTRY_POINT, { to: payer, data: encodeExecute(calls), gas: 16_000_000n });
  for (let at = 0; at < TRANSFERS; at += TRANSFERS_A_CALL) await send(Array.from({ length: TRANSFERS_A_CALL }, (_, index) => transferUsdcCall(chainId, someone(at + index), 10_000n)));
  for (let at = 0; at < PAYMENTS; at += PAYMENTS_A_CALL) {
    await send(Array.from({ length: PAYMENTS_A_CALL }, (_, index) => payCalls({ chainId, projectId, amountUsdMicros: 1_000_000n, beneficiary: someone(at + index), memo: "", minReturnedUnits: 0n })).flat());
  }
}

/** Starts a worker and waits until it stands at the head of every chain. Seconds of each chain, and of the whole start. */
async function catchUp() {
  const heads = await Promise.all(worlds.map(async ({ chain }) => (await chain.client.getBlockNumber()).toString()));
  const startedAt = performance.now();
  const worker = await startWorker();
  const seconds = new Map<string, number>();
  while (seconds.size < CHAINS.length) {
    const rows = await sql<{ chain_id: string; block: string }[]>`SELECT chain_id, block_number::text AS block FROM chain_cursors`;
    for (const { chain_id, block } of rows) {
      const head = heads[CHAINS.indexOf(chain_id as ChainId)];
      if (!seconds.has(chain_id) && BigInt(block) >= BigInt(head ?? 0)) seconds.set(chain_id, (performance.now() - startedAt) / 1_000);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { worker, seconds };
}

for (const { chain } of worlds) {
  const [row] = await sql<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${store.storeId} AND chain_id = ${chain.chainId}::chain_id`;
  await makeEvents(chain, must(row).project_id);
}

console.log(`bench:follow on ${machine()}; ${EVENTS} events of ours on each of ${CHAINS.length} chains, ${PEOPLE} people, fsync on`);
const behind = await catchUp();
for (const [chainId, seconds] of behind.seconds) {
  console.log(`  chain ${chainId.padEnd(9)} caught up in ${seconds.toFixed(2)} s of the worker's start: ${(EVENTS / seconds).toFixed(0)} events/s (target ${TARGET_PER_SECOND})`);
}
const slowest = Math.max(...behind.seconds.values());
console.log(`  both together           ${((CHAINS.length * EVENTS) / slowest).toFixed(0)} events/s`);
const [written] = await sql<{ changes: number; payments: number }[]>`
  SELECT (SELECT count(*)::int FROM balance_changes) AS changes, (SELECT count(*)::int FROM transactions WHERE origin = 'outside' AND status = 'confirmed' AND type = 'payment') AS payments`;
if (must(written).payments !== CHAINS.length * PAYMENTS || must(written).changes < CHAINS.length * (TRANSFERS + PAYMENTS)) throw new Error(`Not everything was written: ${JSON.stringify(written)}`);

await behind.worker.stop();
const again = await catchUp();
console.log(`  restart, nothing behind ${Math.max(...again.seconds.values()).toFixed(2)} s to the head of both`);
await again.worker.stop();
await closeDatabase();
for (const { chain } of worlds) await chain.stop();
await database.stop();
process.exit(0);
