import { startTestChain } from "@/lib/dev/chain/test-chain";
import { setBlockTime } from "@/lib/dev/chain/anvil-client";
import { startBenchDatabase } from "./database";
import { machine, percentile } from "./measure";

const PAYERS = 120;
const ROUNDS = 3;
const DOLLARS_USD_MICROS = 400_000_000n;
const TARGET_PER_SECOND = 40;

/**
 * Operations a second through the whole worker: outbox, simulation of each operation and of each bundle, signing, recording,
 * our bundler, and the follower beside it. Automine first, then 1-second blocks.
 */
const database = await startBenchDatabase();
const chain = await startTestChain({ chainId: "84532" });
const { closeDatabase, sql } = await import("@/db/client");
const { startWorker } = await import("@/lib/worker/run-worker");
const { makeOpenStoreByWorker, makePayerByWorker } = await import("./people");
const { confirm } = await import("@/lib/test/chain-world");

const worker = await startWorker();
const store = await makeOpenStoreByWorker(chain);
const payers: Awaited<ReturnType<typeof makePayerByWorker>>[] = [];
for (let index = 0; index < PAYERS; index += 1) payers.push(await makePayerByWorker(chain, DOLLARS_USD_MICROS));
await waitUntil("everybody has dollars", async () => {
  const [row] = await sql<{ ready: number }[]>`SELECT count(*)::int AS ready FROM token_balances WHERE store_id IS NULL AND balance > 0`;
  return row!.ready >= PAYERS;
});

async function waitUntil(what: string, isDone: () => Promise<boolean>, limitMs = 120_000) {
  const startedAt = performance.now();
  while (!(await isDone())) {
    if (performance.now() - startedAt > limitMs) throw new Error(`Waited too long until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** One payment of each payer; operations a second from the first confirm to the last settled one. */
async function round(label: string) {
  const startedAt = performance.now();
  const ids = await Promise.all(payers.map((payer) => confirm(payer, store, 1_000_000n)));
  await waitUntil("all are settled", async () => {
    const [row] = await sql<{ open: number }[]>`SELECT count(*)::int AS open FROM user_operations WHERE status IN ('queued', 'submitted')`;
    return row!.open === 0;
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const [row] = await sql<{ confirmed: number; bundles: number }[]>`
    SELECT count(*) FILTER (WHERE status = 'confirmed')::int AS confirmed, count(DISTINCT tx_hash)::int AS bundles FROM transactions WHERE id = ANY (${ids}::uuid[])`;
  if (row!.confirmed !== PAYERS) throw new Error(`${PAYERS - row!.confirmed} payments were not confirmed`);
  console.log(`  ${label.padEnd(34)} ${(PAYERS / seconds).toFixed(1).padStart(6)} operations/s   ${PAYERS} in ${seconds.toFixed(2)} s, ${row!.bundles} bundles`);
  return PAYERS / seconds;
}

console.log(`bench:bundler on ${machine()}; ${PAYERS} payers, one payment each a round, every operation and bundle simulated`);
await round("automine, first (creates accounts)");
const automine = [];
for (let turn = 0; turn < ROUNDS; turn += 1) automine.push(await round("automine"));
await setBlockTime(chain.client, 1);
const timed = [];
for (let turn = 0; turn < ROUNDS; turn += 1) timed.push(await round("1-second blocks"));
console.log(`  median: automine ${percentile(automine, 0.5).toFixed(1)}/s (target ${TARGET_PER_SECOND}), 1-second blocks ${percentile(timed, 0.5).toFixed(1)}/s`);

await worker.stop();
await closeDatabase();
await chain.stop();
await database.stop();
process.exit(0);
