import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { users } from "@/db/schema";
import type { Address } from "@/lib/chain/addresses";
import { setBlockTime, warpTo } from "@/lib/dev/chain/anvil-client";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { dumpDatabase, findKeys, findKeysInFiles, formsOf } from "@/lib/dev/search-secrets";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { confirm, insertStore, must } from "@/lib/test/chain-world";
import { makeLiveSession } from "@/lib/test/factories";
import { withSigningKey, type KeyHolder } from "./with-signing-key";

process.env.CHAIN_IDS = "84532";
const PAYERS = 3;
const PAYMENTS = 4;
const LIMIT_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), "cocopay-secrets-"));
const [logs, heaps] = [join(folder, "logs"), join(folder, "heaps")];
const canary = randomBytes(32);
const canaries = new Map([["canary", canary]]);
let chain: TestChain;
let worker: ChildProcess;

/** The worker as production starts it, more talkative, with Node's own switch for heap snapshots; and the canary in its memory. */
beforeAll(async () => {
  chain = await startTestChain({ chainId: "84532" });
  mkdirSync(logs);
  mkdirSync(heaps);
  const out = openSync(join(logs, "worker.log"), "w");
  const flags = ["--conditions=react-server", "--heapsnapshot-signal=SIGUSR2", `--diagnostic-dir=${heaps}`, "--import", "tsx", "--import", "./lib/test/plant-canary.mjs"];
  worker = spawn(process.execPath, [...flags, "lib/worker/main.ts"], { env: { ...process.env, NODE_OPTIONS: "", LOG_LEVEL: "debug", CANARY: canary.toString("hex") }, stdio: ["ignore", out, out] });
  closeSync(out);
});
afterAll(async () => {
  worker.kill("SIGTERM");
  await chain.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > limit) throw new Error(`Waited in vain until ${what}: ${readFileSync(join(logs, "worker.log"), "utf8").slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function newPayer(index: number) {
  const userId = newId();
  await db.transaction(async (tx) => {
    await tx.insert(users).values({ id: userId, phone: `+554899999000${index}`, name: "Bia", createdAt: new Date(Date.now() - 30 * 86_400_000) });
    await enqueue(tx, "accounts.provision", { userId });
  });
  const { address } = await until("the account is there", async () => (await sql<{ address: Address }[]>`SELECT address FROM smart_accounts WHERE user_id = ${userId}`)[0]);
  await usdcFaucet({ client: chain.client, chainId: "84532", to: address, amountUsdMicros: 20_000_000n });
  return { userId, sessionId: await makeLiveSession(userId), ip: null, userAgent: null, address };
}

/** Only this test keeps a copy: it has to know what it looks for. */
const copyOf = (holder: KeyHolder) => withSigningKey(holder, (privateKey) => Uint8Array.from(privateKey));

async function heapSnapshot(): Promise<string> {
  const before = new Set(readdirSync(heaps));
  worker.kill("SIGUSR2");
  const file = await until("the snapshot is begun", () => readdirSync(heaps).find((name) => !before.has(name)));
  const path = join(heaps, file);
  let size = -1;
  await until("the snapshot is whole", () => {
    const previous = size;
    size = statSync(path).size;
    return size > 0 && size === previous && readFileSync(path).subarray(-20).toString().trimEnd().endsWith("]}");
  });
  return path;
}

test("a worker that made and used keys leaves them in no log, no dump and no heap; a planted canary is found in each", async () => {
  const store = await insertStore();
  await db.transaction((tx) => enqueue(tx, "stores.deploy", { storeId: store.storeId }, { key: `stores.deploy:${store.storeId}` }));
  const { starts_at } = await until("the store is deployed", async () => (await sql<{ starts_at: Date }[]>`SELECT starts_at FROM stores WHERE id = ${store.storeId} AND deployment_status = 'deployed'`)[0]);
  await warpTo(chain.client, starts_at.getTime() / 1000 + 1);
  const payers = [];
  for (let index = 0; index < PAYERS; index += 1) payers.push(await newPayer(index));
  await until("everybody has dollars", async () => (await sql`SELECT 1 FROM token_balances WHERE balance = 20000000`).length === PAYERS);
  await setBlockTime(chain.client, 1);
  for (let round = 0; round < PAYMENTS; round += 1) for (const payer of payers) await confirm(payer, store, 1_000_000n);
  await until("all are confirmed", async () => (await sql`SELECT 1 FROM transactions WHERE type = 'payment' AND status = 'confirmed'`).length === PAYERS * PAYMENTS);

  const keys = new Map<string, Uint8Array>([["store", await copyOf({ storeId: store.storeId })]]);
  for (const [index, { userId }] of payers.entries()) keys.set(`payer ${index}`, await copyOf({ userId }));
  // One key that does not open: its error, with all that an error brings, goes to the log.
  const [victim] = payers;
  await sql`UPDATE signing_keys SET encrypted_private_key = regexp_replace(encrypted_private_key, '.{4}$', 'AAAA') WHERE user_id = ${must(victim).userId}`;
  await confirm(must(victim), store, 1_000_000n);
  await until("the fault is in the log", () => readFileSync(join(logs, "worker.log"), "utf8").includes("does not open"));
  await heapSnapshot();

  const dump = await dumpDatabase(sql);
  expect(statSync(join(logs, "worker.log")).size).toBeGreaterThan(1_000);
  expect(dump.includes(must(victim).userId)).toBe(true);
  expect([...findKeysInFiles(folder, keys), ...findKeys("database", dump, keys)]).toEqual([]);

  // The same search, with something to find. The heap has had it from the start.
  const inHeap = findKeysInFiles(heaps, canaries).map(({ form }) => form);
  expect(inHeap).toEqual(expect.arrayContaining(["hex", "base64, 0 in", "list of bytes"]));
  for (const [, form] of formsOf(canary)) {
    writeFileSync(join(logs, "other.log"), Buffer.concat([Buffer.from("before "), form, Buffer.from(" after")]));
    expect(findKeysInFiles(logs, canaries).length).toBeGreaterThan(0);
  }
  await sql`INSERT INTO analytics_events (id, event_name, properties) VALUES (${newId()}, 'test', jsonb_build_object('note', ${`key=${canary.toString("base64")}`}::text))`;
  await sql`INSERT INTO passkeys (id, user_id, credential_id, public_key) VALUES (${newId()}, ${must(victim).userId}, 'c', ${canary})`;
  const found = findKeys("database", await dumpDatabase(sql), canaries).map(({ form }) => form);
  expect(found).toEqual(expect.arrayContaining(["hex", "base64, 0 in"]));
  expect(existsSync(folder)).toBe(true);
}, 300_000);

test("every form of a key is found wherever it stands in base64", () => {
  for (let before = 0; before < 6; before += 1) {
    const around = Buffer.concat([randomBytes(before), canary, randomBytes(7)]);
    for (const form of ["base64", "base64url", "hex"] as const) expect(findKeys("text", Buffer.from(around.toString(form)), canaries)).not.toEqual([]);
  }
  expect(findKeys("text", randomBytes(100_000), canaries)).toEqual([]);
});
