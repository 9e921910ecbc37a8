import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { confirm, dollarsOf, eventsOf, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { rebuildBalances } from "./rebuild-balances";

process.env.CHAIN_IDS = "84532";
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  world = await startChainWorld();
  store = await makeOpenStore(world);
});
afterAll(() => world.stop());

test("a reorg takes a payment back to pending, and it is confirmed again once and without a second sound", async () => {
  const payer = await makePayer(world, 50_000_000n);
  const client = world.chain.client;
  const snapshot = await client.snapshot();
  const id = await confirm(payer, store, 1_000_000n);
  await world.settle();
  const paid = await paymentOf(id);
  expect(paid.status).toBe("confirmed");
  const available = (await dollarsOf(payer.userId)).available;

  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", operation: "submitted", reserved: "1000000", tx_hash: null, rewards_earned: { expected: true } });
  // Settled went back up by what is reserved again, so what can be spent never moved.
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 50_000_000n, available });
  expect(await eventsOf(id)).toEqual(["paid", "checking_again"]);
  const [audit] = await sql<{ old_values: object; new_values: object }[]>`SELECT old_values, new_values FROM audit_logs WHERE resource_id = ${id} AND action = 'payment.reorganised'`;
  expect(audit).toMatchObject({ old_values: { status: "confirmed" }, new_values: { status: "pending" } });
  const [account] = await sql<{ deployed: boolean }[]>`SELECT deployed FROM smart_accounts WHERE user_id = ${payer.userId}`;
  expect(account).toEqual({ deployed: false });

  await world.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed", operation: "succeeded", reserved: "0", user_op_hash: paid.user_op_hash });
  expect((await paymentOf(id)).rewards_earned).not.toHaveProperty("expected");
  expect(await eventsOf(id)).toEqual(["paid", "checking_again", "confirmed_again"]);
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 49_000_000n, available: 49_000_000n });
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});

test("a reorg of the same height is seen, and other people's money comes and goes with it", async () => {
  const payer = await makePayer(world, 1_000_000n);
  const client = world.chain.client;
  const snapshot = await client.snapshot();
  await usdcFaucet({ client, chainId: world.chainId, to: payer.address, amountUsdMicros: 9_000_000n });
  await world.follow();
  expect((await dollarsOf(payer.userId)).settled).toBe(10_000_000n);
  const height = await client.getBlockNumber();
  await client.revert({ id: snapshot });
  await usdcFaucet({ client, chainId: world.chainId, to: payer.address, amountUsdMicros: 2_000_000n });
  expect(await client.getBlockNumber()).toBe(height);
  await world.follow();
  expect((await dollarsOf(payer.userId)).settled).toBe(3_000_000n);
});

test("a store's deployment that a reorg takes back is deployed again with the same token", async () => {
  const client = world.chain.client;
  const snapshot = await client.snapshot();
  const other = await makeOpenStore(world);
  const deployment = async () => must((await sql<{ status: string; token_address: string | null; project_id: number | null }[]>`SELECT status, token_address, project_id FROM store_deployments WHERE store_id = ${other.storeId}`)[0]);
  const before = await deployment();
  expect(before.status).toBe("deployed");
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(await deployment()).toMatchObject({ status: "deploying", project_id: null });
  await world.settle();
  expect(await deployment()).toEqual(before);
});
