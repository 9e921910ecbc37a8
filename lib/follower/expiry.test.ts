import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { chainTime } from "@/lib/chain/revnet-state";
import { warpTo } from "@/lib/dev/chain/anvil-client";
import { SPONSORSHIP_SECONDS } from "@/lib/chain/paymaster";
import { confirm, dollarsOf, eventsOf, insertStore, makeOpenStore, makePayer, paymentOf, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { deployStore } from "@/lib/stores/deploy-store";
import { SilenceWatch } from "./silence";

process.env.CHAIN_IDS = "84532";
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  world = await startChainWorld();
  store = await makeOpenStore(world);
});
afterAll(() => world.stop());

const passTime = async (seconds: number) => warpTo(world.chain.client, (await chainTime(world.chainId)) + seconds);

test("an operation that ends unlanded is failed with proof, and its money is free", async () => {
  const payer = await makePayer(world, 5_000_000n);
  const id = await confirm(payer, store, 2_000_000n);
  await world.sign();
  await passTime(SPONSORSHIP_SECONDS - 10);
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", operation: "submitted", reserved: "2000000" });
  await passTime(20);
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "failed", operation: "expired", error_code: "expired", reserved: "0" });
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 5_000_000n, available: 5_000_000n });
  // Dead is dead: nothing is sent any more.
  await world.settle();
  expect(await eventsOf(id)).toEqual([]);
});

test("a landed operation is never called expired, however late it is seen", async () => {
  const payer = await makePayer(world, 5_000_000n);
  const id = await confirm(payer, store, 2_000_000n);
  await world.sign();
  await world.bundle();
  await passTime(SPONSORSHIP_SECONDS + 60);
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
});

test("a proof of death that a reorg takes back reopens the payment, and the money is reserved again", async () => {
  const payer = await makePayer(world, 5_000_000n);
  const id = await confirm(payer, store, 2_000_000n);
  await world.sign();
  const snapshot = await world.chain.client.snapshot();
  await passTime(SPONSORSHIP_SECONDS + 5);
  await world.follow();
  expect((await paymentOf(id)).status).toBe("failed");
  await world.chain.client.revert({ id: snapshot });
  await world.chain.client.mine({ blocks: 1 });
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", operation: "submitted", reserved: "2000000" });
});

test("after a silence of the chain a payment is signed again under its nonce, and lands once", async () => {
  const payer = await makePayer(world, 5_000_000n);
  const id = await confirm(payer, store, 2_000_000n);
  await world.sign();
  const first = await paymentOf(id);
  // The worker was away, as after a stop of everything: nobody touched the cursor.
  await sql`UPDATE chain_cursors SET updated_at = now() - INTERVAL '6 minutes'`;
  await new SilenceWatch(world.chainId).begin();
  await passTime(360);
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", operation: "queued", reserved: "2000000" });
  await world.settle();
  const last = await paymentOf(id);
  expect(last).toMatchObject({ status: "confirmed", reserved: "0" });
  expect(last.user_op_hash).not.toBe(first.user_op_hash);
  expect(await eventsOf(id)).toEqual(["paid"]);
});

test("a store's deployment that ends unlanded is in line again, as that very store's", async () => {
  const { storeId } = await insertStore();
  await deployStore(storeId);
  await world.sign();
  await passTime(SPONSORSHIP_SECONDS + 5);
  await world.follow();
  const jobs = await sql`
    SELECT j.payload->>'storeId' AS store_id FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id WHERE t.identifier = 'stores.deploy' AND j.key = ${`stores.deploy:${storeId}`}`;
  expect(jobs).toEqual([{ store_id: storeId }]);
  await deployStore(storeId);
  await world.settle();
  expect(await sql`SELECT status FROM store_deployments WHERE store_id = ${storeId} AND chain_id = '84532'`).toEqual([{ status: "deployed" }]);
});

test("a payment that is older than an hour is not signed again", async () => {
  const payer = await makePayer(world, 5_000_000n);
  const [signed, unsigned] = [await confirm(payer, store, 1_000_000n), await confirm(payer, store, 1_000_000n)];
  await world.sign();
  await sql`UPDATE user_operations SET queued_at = now() - INTERVAL '2 hours' WHERE id IN (${signed}, ${unsigned})`;
  await sql`UPDATE chain_cursors SET stalled_at = now() + INTERVAL '1 second'`;
  await passTime(360);
  await world.follow();
  expect(await paymentOf(signed)).toMatchObject({ status: "failed", error_code: "expired" });
  await world.sign();
  await world.follow();
  expect(await paymentOf(unsigned)).toMatchObject({ status: "failed", error_code: "expired", user_op_hash: null, reserved: "0" });
});

test("a refused payment waits until the version that was signed before is dead as well", async () => {
  const payer = await makePayer(world, 5_000_000n);
  const id = await confirm(payer, store, 1_000_000n);
  await world.sign();
  // Set aside to be signed again, and then refused: its first version is still good for two minutes.
  await sql`UPDATE user_operations SET status = 'queued', error_code = 'would_revert' WHERE id = ${id}`;
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", reserved: "1000000" });
  await passTime(SPONSORSHIP_SECONDS + 5);
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "failed", error_code: "would_revert", reserved: "0" });
});
