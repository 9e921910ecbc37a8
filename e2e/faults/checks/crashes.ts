import assert from "node:assert/strict";
import type { Hex } from "viem";
import type { Check, World } from "../check";
import { confirm, newKey, pay, reviewPayment, type Review } from "../pages";
import { assertPaidOnce, rowsOf, untilSettled } from "../payments";
import { newPerson, type Person } from "../people";
import { pause, until } from "../until";

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 10);
/** Payments under way at each kill of the worker; one person's, so each is a bundle of its own. */
const PAYMENTS = 3;
/** Confirms under way at each kill of a web process or of database sessions. */
const CONFIRMS = 20;
/** A killed process is started again after at most ten seconds, and needs some to be up. */
const SETTLE_LIMIT_MS = 90_000;
const RETRY_MS = 250;

type Bundle = { txHash: Hex; isKnown: boolean; isMined: boolean };

/** The bundle that was recorded for an operation, and what the node knows of it. */
async function bundleOf({ db, reader }: World, operationId: string): Promise<Bundle | null> {
  const [row] = await db<{ txHash: Hex }[]>`SELECT tx_hash AS "txHash" FROM operator_transactions WHERE ${operationId}::uuid = ANY (operation_ids) ORDER BY id DESC LIMIT 1`;
  if (!row) return null;
  const [transaction, receipt] = await Promise.all([
    reader.client.request({ method: "eth_getTransactionByHash", params: [row.txHash] }),
    reader.client.request({ method: "eth_getTransactionReceipt", params: [row.txHash] }),
  ]);
  return { txHash: row.txHash, isKnown: transaction !== null, isMined: receipt !== null };
}

type Kill = {
  name: string;
  /** Makes the payments and kills the worker at the chosen instant; answers the payments and what was true at the kill. */
  run: (world: World, payAll: () => Promise<string[]>) => Promise<{ ids: string[]; at: string }>;
};

const operationOf = async (world: World, id: string) => (await rowsOf(world, [id]))[0]?.operation;
const first = (ids: string[]) => ids[0] ?? "";

const KILLS: Kill[] = [
  {
    name: "after commit",
    run: async (world, payAll) => {
      // Held, so that the commit is all there is when it dies.
      world.signal("worker", "SIGSTOP");
      const ids = await payAll();
      assert((await rowsOf(world, ids)).every(({ operation }) => operation === "queued"));
      world.signal("worker", "SIGKILL");
      return { ids, at: "queued" };
    },
  },
  {
    name: "after signing",
    run: async (world, payAll) => {
      const ids = await payAll();
      await until("the operation is signed", async () => (await operationOf(world, first(ids))) !== "queued", 20_000, 0);
      world.signal("worker", "SIGKILL");
      const bundle = await bundleOf(world, first(ids));
      return { ids, at: !bundle ? "signed, no bundle" : bundle.isKnown ? "sent" : "bundle recorded, not sent" };
    },
  },
  {
    name: "after send",
    run: async (world, payAll) => {
      const ids = await payAll();
      await until("the node has the bundle", async () => (await bundleOf(world, first(ids)))?.isKnown, 20_000, 0);
      world.signal("worker", "SIGKILL");
      return { ids, at: (await bundleOf(world, first(ids)))?.isMined ? "mined" : "in the mempool" };
    },
  },
  {
    name: "before the receipt",
    run: async (world, payAll) => {
      const ids = await payAll();
      await until("the node has the bundle", async () => (await bundleOf(world, first(ids)))?.isKnown, 20_000, 0);
      // Held, so that the block comes and nobody of ours sees it.
      world.signal("worker", "SIGSTOP");
      await until("the bundle is mined", async () => (await bundleOf(world, first(ids)))?.isMined);
      const [row] = await rowsOf(world, ids.slice(0, 1));
      world.signal("worker", "SIGKILL");
      return { ids, at: row?.status === "pending" ? "mined, still pending" : "mined and settled" };
    },
  },
];

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function killWorker(world: World, kill: Kill): Promise<string> {
  const { web, store, pid } = world;
  const payer = await newPerson(world, 500_000_000n);
  const instants = new Map<string, number>();
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await until("the worker runs", async () => isAlive(pid("worker")));
    const review = await reviewPayment(web[round % 2] ?? web[0], payer, store.shortCode, "1,00");
    const payAll = () => Promise.all(Array.from({ length: PAYMENTS }, async () => {
      const answer = await confirm(review, payer, newKey());
      assert("transactionId" in answer, JSON.stringify(answer));
      return answer.transactionId;
    }));
    const killed = pid("worker");
    const { ids, at } = await kill.run(world, payAll);
    instants.set(at, (instants.get(at) ?? 0) + 1);
    took.push(await untilSettled(world, ids, SETTLE_LIMIT_MS));
    assert.notEqual(pid("worker"), killed, "another worker settled them");
    await assertPaidOnce(world, new Map(ids.map((id) => [id, payer])));
  }
  return `${ROUNDS} kills, ${ROUNDS * PAYMENTS} payments, each once; at the kill: ${[...instants].map(([at, count]) => `${count}× ${at}`).join(", ")}; settled after ${took.map((ms) => (ms / 1000).toFixed(1)).join(", ")} s`;
}

/** Confirms under its key until somebody answers, as a person with a bad connection does. */
async function confirmStubbornly(review: Review, payer: Person, key: string): Promise<string> {
  let said = "nothing";
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await confirm(review, payer, key).catch(() => null);
    if (answer && "transactionId" in answer) return answer.transactionId;
    if (answer) said = `${answer.status} ${answer.refusal}`;
    // Gone in mid-sentence, or its database was: anything but the payment's address is asked again.
    await pause(RETRY_MS);
  }
  throw new Error(`Nobody took ${key}; the last answer: ${said}`);
}

/** Confirms many payments while `hurt` does its work; each key has to end as one payment. */
async function confirmsUnderFire(world: World, payer: Person, hurt: () => Promise<void>): Promise<number> {
  const { web, store, db } = world;
  const review = await reviewPayment(web[0], payer, store.shortCode, "1,00");
  const keys = Array.from({ length: CONFIRMS }, newKey);
  const confirms = Promise.all(keys.map(async (key, index) => {
    await pause(index * 5);
    return confirmStubbornly(review, payer, key);
  }));
  await hurt();
  const ids = await confirms;
  assert.equal(new Set(ids).size, CONFIRMS, "a payment for each key");
  const ms = await untilSettled(world, ids, SETTLE_LIMIT_MS);
  const keyed = await db<{ key: string; id: string }[]>`SELECT idempotency_key AS key, id FROM transactions WHERE idempotency_key = ANY (${keys.map((key) => `${payer.userId}:${key}`)}::text[])`;
  assert.deepEqual(new Map(keyed.map(({ key, id }) => [key, id])), new Map(keys.map((key, index) => [`${payer.userId}:${key}`, ids[index] ?? ""])), "each key answers its own payment");
  await assertPaidOnce(world, new Map(ids.map((id) => [id, payer])));
  return ms;
}

async function killWeb(world: World): Promise<string> {
  const { web, pid, signal } = world;
  const payer = await newPerson(world, 1_000_000_000n);
  let lost = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await until("the web process is up", () => fetch(`${web[0]}/api/health`).then(({ ok }) => ok, () => false));
    const killed = pid("web");
    await confirmsUnderFire(world, payer, async () => {
      await pause(20 + round * 15);
      signal("web", "SIGKILL");
    });
    assert.notEqual(pid("web"), killed);
    lost += 1;
  }
  return `${lost} kills of the web process, ${lost * CONFIRMS} confirms under way, each key one payment, settled once`;
}

async function killSessions(world: World): Promise<string> {
  const { db, pid } = world;
  const payer = await newPerson(world, 1_000_000_000n);
  const workers = new Set<number>();
  let sessions = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await confirmsUnderFire(world, payer, async () => {
      for (let times = 0; times < 3; times += 1) {
        await pause(20 + round * 20);
        const ended = await db`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename <> current_user`;
        sessions += ended.length;
      }
    });
    workers.add(pid("worker"));
  }
  assert(sessions > 0, "no session was there to end");
  return `${ROUNDS * 3} times all sessions of web and worker (${sessions} in all) ended while ${ROUNDS * CONFIRMS} confirms were under way: each key one payment, settled once; ${workers.size} worker processes`;
}

/** One session at a time while payments are on their way through the worker: its leases, its lanes, its follower. */
async function killLeases(world: World): Promise<string> {
  const { web, store, db } = world;
  const payer = await newPerson(world, 1_000_000_000n);
  let kills = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const ids = await Promise.all(Array.from({ length: PAYMENTS }, () => pay(web[0], payer, store.shortCode, "1,00")));
    const holders = await db<{ pid: number }[]>`SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    for (const { pid } of holders) {
      await pause(round * 20);
      await db`SELECT pg_terminate_backend(${pid})`;
      kills += 1;
    }
    await untilSettled(world, ids, SETTLE_LIMIT_MS);
    await assertPaidOnce(world, new Map(ids.map((id) => [id, payer])));
  }
  assert(kills > 0, "no lease was held");
  return `${kills} sessions with leases ended, ${ROUNDS * PAYMENTS} payments settled once`;
}

export const crashChecks: Check[] = [
  ...KILLS.map((kill): Check => ({ name: `crashes: kill -9 of the worker ${kill.name}`, run: (world) => killWorker(world, kill) })),
  { name: "crashes: kill -9 of the web process", run: killWeb },
  { name: "crashes: the database ends sessions", run: killSessions },
  { name: "crashes: the database ends the sessions that hold leases", run: killLeases },
];
