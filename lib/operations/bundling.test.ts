import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Hex } from "@/lib/chain/addresses";
import { confirm, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { chainConditions } from "./chain-conditions";
import { unsentOperations } from "./outgoing";
import { SPONSORED_GAS_MAX } from "./rules";
import { submitDue } from "./submit";

process.env.CHAIN_IDS = "84532";
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  world = await startChainWorld();
  store = await makeOpenStore(world);
});
afterAll(() => world.stop());

const payEvents = async (id: string) => (await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM store_events WHERE transaction_id = ${id} AND kind = 'paid'`)[0]?.count;
const bundles = () => sql<{ status: string; nonce: string; tx_hash: Hex; operation_ids: string[] }[]>`SELECT status, nonce::text, tx_hash, operation_ids FROM operator_transactions ORDER BY nonce, id`;
/** Sent, and the chain stands still: nothing is mined until the test says so. */
const pauseMining = () => world.chain.client.setAutomine(false);
const resumeMining = async () => {
  await world.chain.client.setAutomine(true);
  await world.chain.client.mine({ blocks: 1 });
};

test("payments of many people travel in one bundle", async () => {
  const payers = await Promise.all(Array.from({ length: 6 }, () => makePayer(world, 2_000_000n)));
  const ids = await Promise.all(payers.map((payer) => confirm(payer, store, 1_000_000n)));
  await world.settle();
  const states = await Promise.all(ids.map(paymentOf));
  expect(states.every(({ status }) => status === "confirmed")).toBe(true);
  expect(new Set(states.map(({ tx_hash }) => tx_hash)).size).toBe(1);
});

test("one bad operation is set aside, and the others of its bundle land", async () => {
  const payers = await Promise.all(Array.from({ length: 4 }, () => makePayer(world, 2_000_000n)));
  const ids = await Promise.all(payers.map((payer) => confirm(payer, store, 1_000_000n)));
  await world.sign();
  const bad = must(ids[1]);
  // A signature that no signer made: the entry point refuses it with AA24.
  await sql`UPDATE user_operations SET signed_operation = jsonb_set(signed_operation, '{signature}', to_jsonb(overlay(signed_operation->>'signature' placing '0000' from 600))) WHERE id = ${bad}`;
  await world.bundle();
  await world.bundler.tend();
  await world.follow();
  const states = await Promise.all(ids.map(paymentOf));
  expect(states.map(({ status }) => status)).toEqual(["confirmed", "pending", "confirmed", "confirmed"]);
  // Built and signed again under the same nonce, the set-aside one lands too.
  expect(must(states[1]).operation).toBe("queued");
  await world.settle();
  expect((await paymentOf(bad)).status).toBe("confirmed");
  expect(await payEvents(bad)).toBe(1);
});

test("a payment whose calls would revert is never signed, and ends as failed with its money free", async () => {
  const payer = await makePayer(world, 2_000_000n);
  const id = await confirm(payer, store, 1_000_000n);
  // More than any reward: the terminal refuses.
  await sql`UPDATE transactions SET rewards_earned = rewards_earned || '{"amount": "999999999999999999999999999999"}' WHERE id = ${id}`;
  for (let round = 0; round < 10; round += 1) {
    await world.sign();
    await sql`UPDATE user_operations SET next_attempt_at = now() WHERE id = ${id}`;
  }
  expect((await paymentOf(id)).status).toBe("pending");
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "failed", operation: "expired", error_code: "would_revert", user_op_hash: null, reserved: "0" });
});

test("an account beyond its sponsored operations of a day is not signed for", async () => {
  const payer = await makePayer(world, 5_000_000n);
  const first = await confirm(payer, store, 1_000_000n);
  await world.settle();
  await sql`UPDATE user_operations SET signed_operation = jsonb_set(signed_operation, '{callGasLimit}', ${`"${SPONSORED_GAS_MAX}"`}::text::jsonb) WHERE id = ${first}`;
  const second = await confirm(payer, store, 1_000_000n);
  expect(await world.sign()).toEqual({ taken: 1, submitted: 0 });
  expect(await paymentOf(second)).toMatchObject({ status: "pending", user_op_hash: null });
  await sql`UPDATE user_operations SET error_code = 'would_revert' WHERE id = ${second}`;
  await world.follow();
});

test("crash after recording, before sending: the recorded bytes go out after the restart, once", async () => {
  const payer = await makePayer(world, 2_000_000n);
  const id = await confirm(payer, store, 1_000_000n);
  await world.sign();
  const waiting = await unsentOperations(world.chainId, (await chainConditions(world.chainId)).nextBlockTime, 10);
  expect(await world.bundler.book(waiting)).not.toBeNull();
  const [recorded] = (await bundles()).slice(-1);
  const bundler = world.restartBundler();
  await bundler.tend();
  await bundler.tend();
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed", tx_hash: must(recorded).tx_hash });
  expect((await bundles()).at(-1)).toMatchObject({ status: "mined" });
  await world.settle();
  expect(await payEvents(id)).toBe(1);
});

test("crash after sending, before the receipt is seen: nothing is sent again", async () => {
  const payer = await makePayer(world, 2_000_000n);
  const id = await confirm(payer, store, 1_000_000n);
  await world.sign();
  await world.bundle();
  const before = (await bundles()).length;
  const bundler = world.restartBundler();
  await bundler.tend();
  await world.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
  expect((await bundles()).length).toBe(before);
  expect(await payEvents(id)).toBe(1);
});

test("crash after signing, before any bundle: the same signed operation lands", async () => {
  const payer = await makePayer(world, 2_000_000n);
  const id = await confirm(payer, store, 1_000_000n);
  await world.sign();
  const { user_op_hash } = await paymentOf(id);
  world.restartBundler();
  await world.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed", user_op_hash });
});

test("two submitters at once sign each operation once", async () => {
  const payers = await Promise.all(Array.from({ length: 12 }, () => makePayer(world, 2_000_000n)));
  const ids = await Promise.all(payers.map((payer) => confirm(payer, store, 1_000_000n)));
  const results = await Promise.all(Array.from({ length: 4 }, () => submitDue(world.chainId)));
  expect(results.reduce((sum, { submitted }) => sum + submitted, 0)).toBe(12);
  const rows = await sql<{ attempts: number }[]>`SELECT attempts FROM user_operations WHERE id = ANY (${ids}::uuid[])`;
  expect(rows.every(({ attempts }) => attempts === 1)).toBe(true);
  await world.settle();
  expect((await Promise.all(ids.map(payEvents))).every((count) => count === 1)).toBe(true);
});

test("a new account has one operation on its way until it exists, a known one has several", async () => {
  const payer = await makePayer(world, 5_000_000n);
  const ids = [await confirm(payer, store, 1_000_000n), await confirm(payer, store, 1_000_000n)];
  expect((await world.sign()).submitted).toBe(1);
  expect((await world.sign()).submitted).toBe(0);
  await world.settle();
  const more = [await confirm(payer, store, 1_000_000n), await confirm(payer, store, 1_000_000n)];
  expect((await world.sign()).submitted).toBe(2);
  await world.settle();
  expect((await Promise.all([...ids, ...more].map(paymentOf))).every(({ status }) => status === "confirmed")).toBe(true);
});

test("several bundles wait at following nonces, and a stuck one is replaced at its nonce", async () => {
  const [one, two] = [await makePayer(world, 2_000_000n), await makePayer(world, 2_000_000n)];
  await pauseMining();
  const first = await confirm(one, store, 1_000_000n);
  await world.sign();
  await world.bundle();
  const second = await confirm(two, store, 1_000_000n);
  await world.sign();
  await world.bundle();
  const open = (await bundles()).filter(({ status }) => status === "sent");
  const stuck = must(open[0]);
  expect(open.map(({ nonce }) => Number(nonce))).toEqual([Number(stuck.nonce), Number(stuck.nonce) + 1]);

  // The node loses the first one and keeps mining: three blocks later it counts as stuck.
  await world.bundler.tend();
  await world.chain.client.dropTransaction({ hash: stuck.tx_hash });
  await world.chain.client.mine({ blocks: 3 });
  await world.bundler.tend();
  const sameNonce = (await bundles()).filter(({ nonce }) => nonce === stuck.nonce);
  expect(sameNonce.map(({ status }) => status)).toEqual(["replaced", "sent"]);
  await resumeMining();
  await world.settle();
  expect((await paymentOf(first)).tx_hash).toBe(must(sameNonce[1]).tx_hash);
  expect((await paymentOf(second)).status).toBe("confirmed");
});
