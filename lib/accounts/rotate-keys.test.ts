import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { users } from "@/db/schema";
import type { Address } from "@/lib/chain/addresses";
import { addressOfKey } from "@/lib/chain/keys";
import { setBlockTime, warpTo } from "@/lib/dev/chain/anvil-client";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { newId } from "@/lib/ids";
import { deployStore } from "@/lib/stores/deploy-store";
import { confirm, insertStore, must } from "@/lib/test/chain-world";
import { makeLiveSession } from "@/lib/test/factories";
import { startWorker, type RunningWorker } from "@/lib/worker/run-worker";
import { ringKeyEncryption } from "./keys";
import { provisionAccount } from "./provision-account";
import { countVersions, rotateKeys } from "./rotate-keys";
import { withSigningKey } from "./with-signing-key";

const ring = (...versions: number[]) => versions.map((version) => `${version}:${KEYS[version]}`).join(",");
const KEYS: Record<number, string> = { 1: randomBytes(32).toString("base64"), 2: randomBytes(32).toString("base64") };
// Every worker knows both versions before the rotation begins.
process.env.KEY_ENCRYPTION_KEYS = ring(1, 2);
process.env.CHAIN_IDS = "84532";

const PAYERS = 25;
/** A little more than what is promised, as the timers of a busy machine run late. */
const PER_SECOND = 55;
const SECONDS = 4;
const SETTLED_LIMIT_MS = 120_000;

let chain: TestChain;
let worker: RunningWorker;
beforeAll(async () => {
  chain = await startTestChain({ chainId: "84532" });
  worker = await startWorker();
});
afterAll(async () => {
  await worker.stop();
  await chain.stop();
});

async function until(what: string, look: () => Promise<boolean>, limitMs = SETTLED_LIMIT_MS) {
  const limit = Date.now() + limitMs;
  while (!(await look())) {
    if (Date.now() > limit) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const toOne = () => rotateKeys(ringKeyEncryption(ring(1)));

async function newPayer(phone: number) {
  const userId = newId();
  await db.insert(users).values({ id: userId, phone: `+5548${String(phone).padStart(9, "9")}`, name: "Bia", createdAt: new Date(Date.now() - 30 * 86_400_000) });
  await provisionAccount(userId);
  const [account] = await sql<{ address: Address }[]>`SELECT address FROM smart_accounts WHERE user_id = ${userId}`;
  await usdcFaucet({ client: chain.client, chainId: "84532", to: must(account).address, amountUsdMicros: 100_000_000n });
  return { userId, sessionId: await makeLiveSession(userId), ip: null, userAgent: null, address: must(account).address };
}

test("all keys move to the newest version while payments come in, and none of these fails", async () => {
  const store = await insertStore();
  await deployStore(store.storeId);
  await until("the store is deployed", async () => (await sql`SELECT 1 FROM stores WHERE id = ${store.storeId} AND deployment_status = 'deployed'`).length > 0);
  const [open] = await sql<{ starts_at: Date }[]>`SELECT starts_at FROM stores WHERE id = ${store.storeId}`;
  await warpTo(chain.client, must(open).starts_at.getTime() / 1_000 + 1);
  const payers = [];
  for (let n = 0; n < PAYERS; n += 1) payers.push(await newPayer(n));
  await until("everybody has dollars", async () => (await sql`SELECT 1 FROM token_balances WHERE store_id IS NULL AND balance > 0`).length >= PAYERS);
  // As they were before version 2 came.
  for (const payer of payers) await resealAsOne("signing_keys", "user_id", payer.userId);
  await resealAsOne("store_signing_keys", "store_id", store.storeId);
  expect(await countVersions()).toEqual({ "v1.1": PAYERS + 1 });
  await setBlockTime(chain.client, 1);

  const startedAt = performance.now();
  const ids: Promise<string>[] = [];
  const paying = (async () => {
    for (let n = 0; n < PER_SECOND * SECONDS; n += 1) {
      const payer = must(payers[n % PAYERS]);
      ids.push(confirm(payer, store, 1_000_000n));
      await pause(Math.max(0, startedAt + ((n + 1) * 1_000) / PER_SECOND - performance.now()));
    }
  })();
  await pause(1_000);
  // Two operators' commands at once, and again until the payments end: rows change under the signer's hands the whole time.
  const rotations = await Promise.all([rotateKeys(), rotateKeys()]);
  expect(rotations[0].before).toEqual({ "v1.1": PAYERS + 1 });
  expect(rotations[0].resealed + rotations[1].resealed).toBe(PAYERS + 1);
  expect(rotations[0].changedMeanwhile + rotations[1].changedMeanwhile).toBeGreaterThanOrEqual(0);
  expect(await countVersions()).toEqual({ "v1.2": PAYERS + 1 });
  let rounds = 0;
  let isOver = false;
  const rotating = (async () => {
    while (!isOver) {
      for (const payer of payers) await resealAsOne("signing_keys", "user_id", payer.userId);
      await rotateKeys();
      rounds += 1;
    }
  })();
  await paying;
  const rate = ids.length / ((performance.now() - startedAt) / 1_000);
  const all = await Promise.all(ids);
  await until("all are settled", async () => (await sql`SELECT 1 FROM transactions WHERE status = 'pending' LIMIT 1`).length === 0);
  isOver = true;
  await rotating;

  const outcomes = await sql`SELECT status, count(*)::int AS count FROM transactions WHERE id = ANY (${all}::uuid[]) GROUP BY status`;
  expect(outcomes).toEqual([{ status: "confirmed", count: PER_SECOND * SECONDS }]);
  expect(await countVersions()).toEqual({ "v1.2": PAYERS + 1 });
  process.stdout.write(`keys:rotate under ${rate.toFixed(0)} payments/s: ${all.length} confirmed, 0 failed; before ${JSON.stringify(rotations[0].before)}, after ${JSON.stringify(await countVersions())}; ${rounds} more rounds of ${PAYERS} keys while they settled\n`);
  const trail = await sql`SELECT new_values FROM audit_logs WHERE action = 'keys.rotated' ORDER BY created_at LIMIT 1`;
  expect(trail).toMatchObject([{ new_values: { "v1.2": expect.any(Number) as number, resealed: expect.any(Number) as number } }]);
}, 300_000);

/** Seals one key under version 1 again, as the rotation itself would. */
async function resealAsOne(table: "signing_keys" | "store_signing_keys", column: "user_id" | "store_id", holderId: string) {
  await withSigningKey(column === "user_id" ? { userId: holderId } : { storeId: holderId }, async (privateKey, address) => {
    const sealed = await ringKeyEncryption(ring(1)).seal(privateKey, { holderId, address });
    await sql`UPDATE ${sql(table)} SET encrypted_private_key = ${sealed} WHERE ${sql(column)} = ${holderId}`;
  });
}

test("a destroyed key stays destroyed, and one that does not open stops the rotation without harm", async () => {
  const [gone, broken] = [await newPayer(1_001), await newPayer(1_002)];
  await sql`UPDATE signing_keys SET encrypted_private_key = 'destroyed', is_active = FALSE, revoked_at = now() WHERE user_id = ${gone.userId}`;
  await resealAsOne("signing_keys", "user_id", broken.userId);
  const before = await countVersions();
  const [row] = await sql<{ sealed: string }[]>`SELECT encrypted_private_key AS sealed FROM signing_keys WHERE user_id = ${broken.userId}`;
  const flipped = must(row).sealed.replace(/.$/, (last) => (last === "A" ? "E" : "A"));
  await sql`UPDATE signing_keys SET encrypted_private_key = ${flipped} WHERE user_id = ${broken.userId}`;
  await expect(rotateKeys()).rejects.toThrow("does not open");
  expect(await countVersions()).toEqual(before);
  await sql`UPDATE signing_keys SET encrypted_private_key = ${must(row).sealed} WHERE user_id = ${broken.userId}`;
  await expect(toOne()).rejects.toThrow("key-encryption key 2");
  expect(await rotateKeys()).toMatchObject({ resealed: 1, changedMeanwhile: 0 });
  expect(await rotateKeys()).toMatchObject({ resealed: 0 });
  expect(await withSigningKey({ userId: broken.userId }, (privateKey) => addressOfKey(privateKey))).toMatch(/^0x/);
  expect(await sql`SELECT encrypted_private_key AS sealed FROM signing_keys WHERE user_id = ${gone.userId}`).toEqual([{ sealed: "destroyed" }]);
});
