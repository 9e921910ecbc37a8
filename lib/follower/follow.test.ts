import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { USDC } from "@/lib/chain/addresses";
import { parsePayEvents } from "@/lib/chain/pay";
import { receiptOf } from "@/lib/chain/operator";
import { readRevnetState } from "@/lib/chain/revnet-state";
import { transferUsdcCall } from "@/lib/chain/usdc";
import type { Call } from "@/lib/chain/account";
import { fundOperator, sendAs } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { distributeReserved } from "@/lib/rewards/distribute-reserved";
import { refreshRevnetStates } from "@/lib/rewards/refresh-revnet-states";
import { confirm, dollarsOf, eventsOf, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { ChainResetError, ensureCursor } from "./cursor";
import { rebuildBalances } from "./rebuild-balances";
import { findAncestor } from "./roll-back";

process.env.CHAIN_IDS = "84532";
const ELSEWHERE = "0x00000000000000000000000000000000000e1e0e";
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  world = await startChainWorld();
  store = await makeOpenStore(world);
});
afterAll(() => world.stop());

/** Moves dollars past CocoPay, as the holder of the account's key could. */
async function sendOutside(payer: Payer, call: Call) {
  await fundOperator(world.chain.client, payer.address);
  await sendAs(world.chain.client, payer.address, call);
}

test("a payment is confirmed by the store's own Pay event, with its reward to the unit", async () => {
  const payer = await makePayer(world, 100_000_000n);
  const id = await confirm(payer, store, 7_123_456n);
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 100_000_000n, available: 92_876_544n });
  await world.settle();

  const payment = await paymentOf(id);
  expect(payment).toMatchObject({ status: "confirmed", operation: "succeeded", reserved: "0" });
  const receipt = must(await receiptOf(world.chainId, must(payment.tx_hash)));
  const [pay] = parsePayEvents(receipt.logs);
  expect(pay).toMatchObject({ amountUsdMicros: 7_123_456n, payer: payer.address, beneficiary: payer.address });
  expect(payment.rewards_earned).toMatchObject({ amount: must(pay).rewardUnits.toString(), store_id: store.storeId });
  expect(payment.rewards_earned).not.toHaveProperty("expected");
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 92_876_544n, available: 92_876_544n });
  expect(await eventsOf(id)).toEqual(["paid"]);

  const [rewards] = await sql<{ balance: string; deployed: boolean }[]>`
    SELECT b.balance::text, a.deployed FROM token_balances b JOIN smart_accounts a ON a.user_id = b.user_id AND a.chain_id = b.chain_id WHERE b.user_id = ${payer.userId} AND b.store_id = ${store.storeId}`;
  expect(rewards).toEqual({ balance: must(pay).rewardUnits.toString(), deployed: true });
});

test("two payments of one person that are queued together both land, in different bundles", async () => {
  const payer = await makePayer(world, 10_000_000n);
  const first = await confirm(payer, store, 1_000_000n);
  await world.settle();
  const [second, third] = [await confirm(payer, store, 2_000_000n), await confirm(payer, store, 3_000_000n)];
  await world.settle();
  const states = await Promise.all([first, second, third].map(paymentOf));
  expect(states.map(({ status }) => status)).toEqual(["confirmed", "confirmed", "confirmed"]);
  expect(new Set(states.map(({ tx_hash }) => tx_hash)).size).toBe(3);
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 4_000_000n, available: 4_000_000n });
});

test("an operation whose calls revert on chain ends as failed, and its money is free again", async () => {
  const payer = await makePayer(world, 5_000_000n);
  const warmUp = await confirm(payer, store, 1_000_000n);
  await world.settle();
  const id = await confirm(payer, store, 4_000_000n);
  await world.sign();
  // The dollars leave between simulation and landing.
  await sendOutside(payer, transferUsdcCall(world.chainId, ELSEWHERE, 4_000_000n));
  await world.settle();
  expect((await paymentOf(warmUp)).status).toBe("confirmed");
  expect(await paymentOf(id)).toMatchObject({ status: "failed", operation: "reverted", error_code: "reverted", reserved: "0" });
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 0n, available: 0n });
  expect(await eventsOf(id)).toEqual([]);
});

test("dollars that come and go outside of CocoPay move the balance, and rebuilding changes nothing", async () => {
  const payer = await makePayer(world, 3_000_000n);
  await sendOutside(payer, transferUsdcCall(world.chainId, ELSEWHERE, 1_000_000n));
  await world.follow();
  expect((await dollarsOf(payer.userId)).settled).toBe(2_000_000n);
  await usdcFaucet({ client: world.chain.client, chainId: world.chainId, to: payer.address, amountUsdMicros: 5_000_000n });
  await world.follow();
  expect((await dollarsOf(payer.userId)).settled).toBe(7_000_000n);
  // To oneself: an event, and no change.
  await sendOutside(payer, transferUsdcCall(world.chainId, payer.address, 1_000_000n));
  await world.follow();
  expect((await dollarsOf(payer.userId)).settled).toBe(7_000_000n);

  const journal = () => sql`SELECT * FROM balance_changes ORDER BY chain_id, block_number, log_index, balance_id`;
  const before = await journal();
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
  expect(await journal()).toEqual(before);

  await sql`UPDATE token_balances SET balance = balance + 1 WHERE user_id = ${payer.userId} AND token_address = ${USDC["84532"]}`;
  const { differences } = await rebuildBalances(world.chainId);
  expect(differences).toEqual([{ holder: "person", holderId: payer.userId, tokenAddress: USDC["84532"], before: 7_000_001n, after: 7_000_000n }]);
});

test("the store's share is distributed to its account by an operation of its own, once", async () => {
  const payer = await makePayer(world, 50_000_000n);
  await confirm(payer, store, 50_000_000n);
  await world.settle();
  await refreshRevnetStates();
  expect(await distributeReserved()).toBe(1);
  expect(await distributeReserved()).toBe(0);
  await world.settle();
  const [row] = await sql<{ project_id: number; balance: string; pending: string; status: string }[]>`
    SELECT d.project_id, b.balance::text, v.pending_reserved::text AS pending, o.status
    FROM store_deployments d JOIN store_token_balances b ON b.store_id = d.store_id AND b.token_address = d.token_address
    JOIN revnet_states v ON v.store_id = d.store_id JOIN user_operations o ON o.subject_id = d.store_id AND o.kind = 'reserved_distribution'
    WHERE d.store_id = ${store.storeId}`;
  const state = await readRevnetState(world.chainId, must(row).project_id);
  expect(state.pendingReservedUnits).toBe(0n);
  expect(must(row)).toMatchObject({ pending: "0", status: "succeeded" });
  // The store keeps all tokens but the payers' five percent.
  expect(BigInt(must(row).balance) * 100n).toBe(state.supplyUnits * 95n);
});

test("available is settled minus reserved, and the journal sums up to every balance", async () => {
  const [row] = await sql<{ wrong: number; negative: number }[]>`
    SELECT count(*) FILTER (WHERE b.balance <> COALESCE(c.total, 0))::int AS wrong, count(*) FILTER (WHERE b.balance < 0)::int AS negative
    FROM (SELECT id, balance FROM token_balances UNION ALL SELECT id, balance FROM store_token_balances) b
    LEFT JOIN (SELECT balance_id, sum(delta) AS total FROM balance_changes GROUP BY balance_id) c ON c.balance_id = b.id`;
  expect(row).toEqual({ wrong: 0, negative: 0 });
});

test("another chain under the same id stops the follower with a sentence", async () => {
  await sql`UPDATE chain_cursors SET genesis_hash = '0xother'`;
  await expect(ensureCursor(world.follower, world.chainId)).rejects.toThrow(ChainResetError);
  await expect(ensureCursor(world.follower, world.chainId)).rejects.toThrow("The chain 84532 was reset but the database was not");
});

test("a node that serves another history than the one that was followed is not taken for a reorg", async () => {
  await sql`UPDATE chain_blocks SET hash = '0x' || md5(hash) || md5(number::text)`;
  await expect(findAncestor(world.chainId, 10n ** 9n)).rejects.toThrow(ChainResetError);
});
