import assert from "node:assert/strict";
import type { Check, World } from "../check";
import { assertConserved, openShop, payoutOf, payoutsOf, requestPix, retryUntilTaken, reviewOf, tapUntilTaken, tellPartner, type Fate, type PayoutRow, type Shop } from "../payout-shop";
import { pause, until } from "../until";

/** Kills at each step. */
const KILLS = Number(process.env.FAULT_PAYOUT_KILLS ?? 5);
const REAIS = "12,00";
const STEP_LIMIT_MS = 60_000;
const END_LIMIT_MS = 240_000;
const ORDER = "POST /v2/account/tickets";

let shop: Promise<Shop> | null = null;
/** One store for all these checks: what it has left is held against everything that ever happened to it. */
const theShop = (world: World) => (shop ??= openShop(world));

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const upWorker = (world: World) => until("the worker runs", async () => isAlive(world.pid("worker")));
const upWeb = (world: World) => until("the web process is up", () => fetch(`${world.web[0]}/api/health`).then(({ ok }) => ok, () => false));

type Step = {
  name: string;
  fate: Fate;
  /** What becomes of it in the end, whatever died on the way. */
  end: string;
  /** Before the tap, with the price on the screen. */
  prepare?: (world: World, shop: Shop) => Promise<void> | void;
  /** Waits for the very instant; the worker is killed after it. */
  reach: (world: World, row: () => Promise<PayoutRow>) => Promise<unknown>;
  /** Lets the partner go on. */
  after?: (shop: Shop) => Promise<void>;
};

const isIn = (...states: string[]) => async (_world: World, row: () => Promise<PayoutRow>) => until(`the payout is ${states.join(" or ")}`, async () => states.includes((await row()).state), STEP_LIMIT_MS, 0);
const letGo = (shop: Shop) => tellPartner(shop, "settings", { isByHand: false });
const byHand = (_world: World, shop: Shop) => tellPartner(shop, "settings", { isByHand: true });
const recorded = async ({ db }: World, { transactionId }: PayoutRow) =>
  (await db<{ txHash: `0x${string}` }[]>`SELECT t.tx_hash AS "txHash" FROM operator_transactions t JOIN user_operations o ON o.id = ANY (t.operation_ids) WHERE o.subject_id = ${transactionId} ORDER BY t.id DESC LIMIT 1`)[0]?.txHash;
const isKnown = async (world: World, row: PayoutRow, method: "eth_getTransactionByHash" | "eth_getTransactionReceipt") => {
  const hash = await recorded(world, row);
  return hash !== undefined && (await world.reader.client.request({ method, params: [hash] })) !== null;
};

const STEPS: Step[] = [
  { name: "in the outbox", fate: "paid", end: "completed", prepare: (world) => world.signal("worker", "SIGSTOP"), reach: async (_world, row) => assert.equal((await row()).operation, "queued") },
  { name: "signed", fate: "paid", end: "completed", reach: async (_world, row) => until("it is signed", async () => (await row()).operation !== "queued", STEP_LIMIT_MS, 0) },
  { name: "sent to the chain", fate: "paid", end: "completed", reach: async (world, row) => until("the node has it", async () => isKnown(world, await row(), "eth_getTransactionByHash"), STEP_LIMIT_MS, 0) },
  {
    name: "mined and not seen", fate: "paid", end: "completed",
    reach: async (world, row) => {
      await until("the node has it", async () => isKnown(world, await row(), "eth_getTransactionByHash"), STEP_LIMIT_MS, 0);
      world.signal("worker", "SIGSTOP");
      await until("it is mined", async () => isKnown(world, await row(), "eth_getTransactionReceipt"), STEP_LIMIT_MS);
    },
  },
  { name: "funded", fate: "paid", end: "completed", reach: isIn("funded") },
  { name: "credited", fate: "paid", end: "completed", reach: async (_world, row) => until("it is credited", async () => (await row()).isCredited, STEP_LIMIT_MS, 0) },
  { name: "ordered", fate: "paid", end: "completed", reach: isIn("submitted") },
  // The partner took the order, and the process that waits for its answer dies waiting.
  { name: "ordered and taken without an answer", fate: "paid", end: "completed", prepare: (_world, shop) => tellPartner(shop, "faults", { call: ORDER, kind: "timeout-after-accept", times: 1 }), reach: async (world, row) => (await isIn("submitted")(world, row), pause(200)) },
  { name: "under way", fate: "paid", end: "completed", prepare: byHand, reach: isIn("processing"), after: letGo },
  { name: "held", fate: "held", end: "completed", reach: isIn("on_hold"), after: (shop) => tellPartner(shop, "advance", {}) },
  { name: "completed, without its receipt", fate: "paid", end: "completed", reach: isIn("completed") },
  { name: "completed, and returned later", fate: "returned", end: "returned", reach: isIn("completed", "returned") },
  { name: "before it fails", fate: "failed", end: "failed", reach: isIn("processing") },
];

const untilEnded = (world: World, { storeId }: Shop, ends: ReadonlyMap<string, string>) =>
  until(`all payouts are over: ${[...new Set(ends.values())].join(", ")}`, async () => (await payoutsOf(world, storeId)).every(({ id, state, hasReceipt }) => !ends.has(id) || (state === ends.get(id) && (state !== "completed" || hasReceipt))), END_LIMIT_MS, 200);

async function killWorkerAt(world: World, step: Step): Promise<string> {
  const shop = await theShop(world);
  const ends = new Map<string, string>();
  const instants = new Map<string, number>();
  for (let round = 0; round < KILLS; round += 1) {
    await upWorker(world);
    await reviewOf(world, shop, step.fate, REAIS);
    await step.prepare?.(world, shop);
    const killed = world.pid("worker");
    const id = await tapUntilTaken(shop);
    await step.reach(world, () => payoutOf(world, shop.storeId, id));
    world.signal("worker", "SIGKILL");
    const at = await payoutOf(world, shop.storeId, id);
    instants.set(at.state, (instants.get(at.state) ?? 0) + 1);
    await until("another worker runs", async () => world.pid("worker") !== killed);
    await step.after?.(shop);
    ends.set(id, step.end);
  }
  const ms = await untilEnded(world, shop, ends);
  const sums = await assertConserved(world, shop);
  return `${KILLS} kills, at the kill: ${[...instants].map(([state, count]) => `${count}× ${state}`).join(", ")}; over ${(ms / 1000).toFixed(1)} s after the last; ${sums}`;
}

/** A web process dies under the owner's tap: the same page's key is one payout. */
async function killWebUnderTap(world: World): Promise<string> {
  const shop = await theShop(world);
  const before = (await payoutsOf(world, shop.storeId)).length;
  const ends = new Map<string, string>();
  let unwritten = 0;
  for (let round = 0; round < KILLS; round += 1) {
    await upWeb(world);
    await reviewOf(world, shop, "paid", REAIS);
    const known = (await payoutsOf(world, shop.storeId)).length;
    const dies = pause(40 + round * 90).then(async () => {
      world.signal("web", "SIGKILL");
      unwritten += (await payoutsOf(world, shop.storeId)).length === known ? 1 : 0;
    });
    const id = await tapUntilTaken(shop);
    await dies;
    ends.set(id, "completed");
  }
  assert.equal((await payoutsOf(world, shop.storeId)).length, before + KILLS, "a payout for each key");
  await untilEnded(world, shop, ends);
  return `${KILLS} kills, ${unwritten} of them before the payout was written; ${KILLS} payouts, each once; ${await assertConserved(world, shop)}`;
}

/** A web process dies while the partner tells how it went: the worker asks by itself. */
async function killWebUnderWebhooks(world: World): Promise<string> {
  const shop = await theShop(world);
  const ends = new Map<string, string>();
  for (let round = 0; round < KILLS; round += 1) {
    await upWeb(world);
    const id = await requestPix(world, shop, "paid", REAIS);
    await until("the order is placed", async () => ["submitted", "processing", "completed"].includes((await payoutOf(world, shop.storeId, id)).state), STEP_LIMIT_MS, 0);
    world.signal("web", "SIGKILL");
    ends.set(id, "completed");
  }
  await untilEnded(world, shop, ends);
  return `${KILLS} kills; ${await assertConserved(world, shop)}`;
}

/** A web process dies under "try again" after a failed Pix: one more order, never two. */
async function killWebUnderRetry(world: World): Promise<string> {
  const shop = await theShop(world);
  const ends = new Map<string, string>();
  for (let round = 0; round < KILLS; round += 1) {
    await upWeb(world);
    const id = await requestPix(world, shop, "failed", REAIS);
    await untilEnded(world, shop, new Map([[id, "failed"]]));
    const dies = pause(400 + round * 60).then(() => world.signal("web", "SIGKILL"));
    await retryUntilTaken(shop, id);
    await dies;
    ends.set(id, "completed");
  }
  await untilEnded(world, shop, ends);
  return `${KILLS} kills; ${await assertConserved(world, shop)}`;
}

async function endShop(world: World): Promise<string> {
  const { browser } = await theShop(world);
  await browser.close();
  shop = null;
  const lines = (await world.command("rebuild")).trim().split("\n");
  assert(lines.every((line) => line.endsWith("nothing changed")), lines.join("\n"));
  return lines.join("; ");
}

export const payoutChecks: Check[] = [
  ...STEPS.map((step): Check => ({ name: `payouts: kill -9 of the worker, ${step.name}`, run: (world) => killWorkerAt(world, step) })),
  { name: "payouts: kill -9 of the web process under the tap", run: killWebUnderTap },
  { name: "payouts: kill -9 of the web process under webhooks", run: killWebUnderWebhooks },
  { name: "payouts: kill -9 of the web process under a second try", run: killWebUnderRetry },
  { name: "payouts: balances rebuilt from the chain are the same", run: endShop },
];
