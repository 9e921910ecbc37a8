import { spawn, type ChildProcess } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { relayOnce } from "@/lib/dev/bridges/relay";
import { bringTogether, booksOf, chainsHold, startBridgedWorld, type BridgedWorld } from "@/lib/test/consolidation-world";
import { confirm, makeOpenStore, makePayer, must, type Payer } from "@/lib/test/chain-world";

/** Kills at each step. Starting workers takes minutes, so the usual run kills once at two of the steps; KILLS=5 is the whole proof. */
const KILLS = Number(process.env.KILLS ?? 1);
const START_USD_MICROS = 20_000_000n;
const STEP_LIMIT_MS = 240_000;

let world: BridgedWorld;
let store: { storeId: string; shortCode: string };
let worker: ChildProcess | null = null;
let killed = 0;
let isOver = false;
beforeAll(async () => {
  world = await startBridgedWorld();
  store = await makeOpenStore(world.worlds);
}, 120_000);
afterAll(async () => {
  isOver = true;
  await killWorker();
  await world.iris.stop();
  await Promise.all(world.worlds.map(({ chain }) => chain.stop()));
});

/** A worker as it runs in production: a process of its own, ended by nothing but SIGKILL. */
function startWorker() {
  worker = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "lib/worker/main.ts"], { env: { ...process.env, NODE_OPTIONS: "", LOG_LEVEL: "silent" }, stdio: "ignore" });
}
async function killWorker() {
  const child = worker;
  worker = null;
  if (!child || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

/** Circle and Chainlink go on whatever becomes of us. */
async function relayForever() {
  while (!isOver) {
    for (const { chain } of world.worlds) await relayOnce(chain, world.worlds.map((one) => one.chain), 0n).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Each step as the database shows it: a process that dies here has done this and not the next thing. */
const STEPS: [string, "dollars" | "rewards", string][] = [
  ["waits in the outbox", "dollars", "o.status = 'queued'"],
  ["is signed and recorded", "dollars", "o.status = 'submitted'"],
  ["is burned", "dollars", "c.stage = 'left'"],
  ["is attested", "dollars", "c.stage = 'attested' AND k.id IS NULL"],
  ["has its mint in the operators' outbox", "dollars", "k.status = 'queued'"],
  ["has its mint sent", "dollars", "k.status = 'sent'"],
  ["is signed and recorded", "rewards", "o.status = 'submitted'"],
  ["is prepared", "rewards", "c.stage = 'left' AND k.id IS NULL"],
  ["has its root on the way", "rewards", "k.purpose = 'sucker_root' AND k.status IN ('queued', 'sent') AND c.stage = 'left'"],
  ["is on the bridge", "rewards", "c.stage = 'rooted'"],
  ["is on the other side", "rewards", "c.stage = 'delivered'"],
  ["has its claim sent", "rewards", "k.purpose = 'sucker_claim' AND k.status = 'sent'"],
];

const CHOSEN = process.env.KILLS ? STEPS : STEPS.filter(([name]) => name === "has its mint sent" || name === "is on the bridge");

const matching = (ids: readonly string[], condition: string) => sql<{ id: string }[]>`
  SELECT DISTINCT t.id FROM transactions t JOIN user_operations o ON o.id = t.id LEFT JOIN consolidations c ON c.id = t.id LEFT JOIN operator_calls k ON k.subject_id = t.id
  WHERE t.id = ANY (${[...ids]}::uuid[]) AND (${sql.unsafe(condition)})`;
const openOf = async (ids: readonly string[]) => (await sql<{ open: number }[]>`SELECT count(*)::int AS open FROM transactions WHERE id = ANY (${[...ids]}::uuid[]) AND status = 'pending'`)[0]?.open ?? 0;

test("a worker that is killed at every step, as a process: all arrives, nothing is lost or doubled", async () => {
  const holders = new Map<string, Payer[]>();
  for (const [name, kind] of CHOSEN) {
    const people: Payer[] = [];
    for (let count = 0; count < KILLS; count += 1) {
      const payer = await makePayer(world.worlds, START_USD_MICROS);
      if (kind === "rewards") {
        await confirm(payer, store, 4_000_000n, { chainId: "11155420" });
        await world.op.settle();
      }
      people.push(payer);
    }
    holders.set(`${kind} ${name}`, people);
  }
  // From here on the chains are the worker's to follow and to bundle on.
  await Promise.all(world.worlds.flatMap(({ follower, operator }) => [follower.release(), operator.release()]));
  void relayForever();

  const figures: string[] = [];
  for (const [name, kind, condition] of CHOSEN) {
    const people = must(holders.get(`${kind} ${name}`));
    const before = await Promise.all(people.map((payer) => booksOf(payer)));
    const ids: string[] = [];
    let exact = 0;
    for (const payer of people) {
      const id = await bringTogether(payer, kind === "rewards" ? store.storeId : null);
      ids.push(id);
      startWorker();
      const until = Date.now() + STEP_LIMIT_MS;
      while (Date.now() < until) {
        if ((await matching([id], condition)).length > 0) {
          exact += 1;
          break;
        }
        if ((await openOf([id])) === 0) break;
      }
      await killWorker();
      killed += 1;
      expect(await booksOf(payer), `${kind} ${name}`).toEqual(kind === "rewards" || (await openOf([id])) > 0 ? must(before[ids.length - 1]) : expect.anything());
    }
    startWorker();
    const until = Date.now() + STEP_LIMIT_MS;
    while ((await openOf(ids)) > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
    await killWorker();
    for (const [index, payer] of people.entries()) {
      const [row] = await sql<{ stage: string; units: string; arrived: string }[]>`SELECT stage, units::text, arrived_units::text AS arrived FROM consolidations WHERE id = ${must(ids[index])}`;
      expect(must(row).stage, `${kind} ${name}`).toBe("arrived");
      const fee = kind === "dollars" ? BigInt(must(row).units) - BigInt(must(row).arrived) : 0n;
      const expected = { ...must(before[index]), dollars: must(must(before[index]).dollars) - fee };
      expect(await booksOf(payer)).toEqual(expected);
      expect(await chainsHold(world, payer)).toBe(expected.dollars);
    }
    figures.push(`${kind} ${name}: ${KILLS} kills, ${exact} at the very step`);
  }
  expect(killed).toBe(CHOSEN.length * KILLS);
  // One effect a consolidation, whatever was sent again.
  const twice = await sql`SELECT call_id FROM operator_transactions WHERE call_id IS NOT NULL AND status = 'mined' GROUP BY call_id HAVING count(DISTINCT nonce) > 1`;
  expect(twice).toHaveLength(0);
  process.stdout.write(`${figures.join("\n")}\n`);
}, 1_500_000);
