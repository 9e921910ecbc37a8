import { afterAll, beforeAll, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { users } from "@/db/schema";
import type { Address } from "@/lib/chain/addresses";
import { setBlockTime, warpTo } from "@/lib/dev/chain/anvil-client";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { confirm, insertStore, must, paymentOf } from "@/lib/test/chain-world";
import { startWorker, type RunningWorker } from "./run-worker";
import { makeLiveSession } from "@/lib/test/factories";

process.env.CHAIN_IDS = "84532";
const WAIT_LIMIT_MS = 20_000;
let chain: TestChain;
let workers: RunningWorker[];
beforeAll(async () => {
  chain = await startTestChain({ chainId: "84532" });
  // Two at once: leases decide who bundles and who follows, and nothing happens twice.
  workers = [await startWorker(), await startWorker()];
});
afterAll(async () => {
  await chain.stop();
});

async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const limit = Date.now() + WAIT_LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > limit) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function newPayer() {
  const userId = newId();
  await db.transaction(async (tx) => {
    await tx.insert(users).values({ id: userId, phone: `+5548${userId.replace(/\D/g, "").slice(-10)}`, name: "Bia", createdAt: new Date(Date.now() - 30 * 86_400_000) });
    await enqueue(tx, "accounts.provision", { userId });
  });
  const { address } = await until("the account is there", async () => (await sql<{ address: Address }[]>`SELECT address FROM smart_accounts WHERE user_id = ${userId}`)[0]);
  await usdcFaucet({ client: chain.client, chainId: "84532", to: address, amountUsdMicros: 20_000_000n });
  await until("the dollars are seen", async () => (await sql`SELECT 1 FROM token_balances WHERE user_id = ${userId} AND balance = 20000000`)[0]);
  return { userId, sessionId: await makeLiveSession(userId), ip: null, userAgent: null, address };
}

const isConfirmed = async (id: string) => (await paymentOf(id)).status === "confirmed";

test("two workers side by side provision, deploy and settle each thing once, and a payment goes on when one of them ends", async () => {
  const store = await insertStore();
  await db.transaction((tx) => enqueue(tx, "stores.deploy", { storeId: store.storeId }, { key: `stores.deploy:${store.storeId}` }));
  const { starts_at } = await until("the store is deployed", async () => (await sql<{ starts_at: Date }[]>`SELECT starts_at FROM stores WHERE id = ${store.storeId} AND deployment_status = 'deployed'`)[0]);
  await warpTo(chain.client, starts_at.getTime() / 1000 + 1);
  const payers = [await newPayer(), await newPayer(), await newPayer()];
  await setBlockTime(chain.client, 1);

  const ids = await Promise.all(payers.map((payer) => confirm(payer, store, 1_000_000n)));
  await until("all are confirmed", async () => (await Promise.all(ids.map(isConfirmed))).every(Boolean));

  // The first one holds the leases; its end hands them over.
  const startedAt = Date.now();
  await must(workers[0]).stop();
  expect(Date.now() - startedAt).toBeLessThan(3_000);
  const after = await Promise.all(payers.map((payer) => confirm(payer, store, 2_000_000n)));
  await until("all are confirmed by the other worker", async () => (await Promise.all(after.map(isConfirmed))).every(Boolean));

  const [count] = await sql<{ paid: number; transactions: number; heartbeat_age: number }[]>`
    SELECT (SELECT count(*)::int FROM store_events WHERE kind = 'paid') AS paid, (SELECT count(*)::int FROM transactions WHERE type = 'payment') AS transactions,
           (SELECT extract(epoch FROM now() - updated_at)::float FROM chain_cursors) AS heartbeat_age`;
  expect(count).toMatchObject({ paid: 6, transactions: 6 });
  expect(must(count).heartbeat_age).toBeLessThan(2);
  const balances = await sql<{ balance: string }[]>`SELECT balance::text FROM token_balances WHERE store_id IS NULL`;
  expect(balances.map(({ balance }) => balance)).toEqual(["17000000", "17000000", "17000000"]);
  await must(workers[1]).stop();
}, 90_000);
