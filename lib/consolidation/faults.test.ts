import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Address, Hex } from "@/lib/chain/addresses";
import { receiveMessageCall } from "@/lib/chain/cctp";
import type { ChainId } from "@/lib/chain/chains";
import { proofFor, readInboxRoot, readOutboxLeaves } from "@/lib/chain/sucker-state";
import { claimCall } from "@/lib/chain/suckers";
import { fundOperator, sendAs } from "@/lib/dev/chain/anvil-client";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { newId } from "@/lib/ids";
import { booksOf, bringTogether, chainsHold, finish, startBridgedWorld, stateOf, turn, type BridgedWorld, type Wheel } from "@/lib/test/consolidation-world";
import { confirm, makeOpenStore, makePayer, must, paymentOf, type Payer } from "@/lib/test/chain-world";
import { actorOf, makeOwner, signAll } from "@/lib/test/own-keys";
import { findMovable } from "./find-movable";
import { startConsolidation } from "./start-consolidation";

const START_USD_MICROS = 20_000_000n;
const FEE_USD_MICROS = 2_000n;
const STRANGER: Address = "0x00000000000000000000000000000000000abcde";

let world: BridgedWorld;
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  world = await startBridgedWorld();
  store = await makeOpenStore(world.worlds);
  for (const { chain } of world.worlds) await fundOperator(chain.client, STRANGER);
}, 120_000);
afterAll(() => world.stop());
beforeEach(() => {
  world.iris.knobs.isWrong = false;
  world.iris.knobs.missingUntil = 0;
});

// A chain that a failed test left standing would fail all others.
afterEach(async () => {
  for (const { chain } of world.worlds) await chain.client.setAutomine(true);
});

const turns = async (...wheels: Wheel[]) => {
  for (const wheel of wheels) await turn(world, wheel);
};
const rewardsHolder = async (): Promise<Payer> => {
  const payer = await makePayer(world.worlds, START_USD_MICROS);
  await confirm(payer, store, 4_000_000n, { chainId: "11155420" });
  await world.op.settle();
  return payer;
};
const ended = async (payer: Payer, id: string) => {
  await finish(world);
  expect((await stateOf(id)).stage).toBe("arrived");
  expect(await chainsHold(world, payer)).toBe(2n * START_USD_MICROS - FEE_USD_MICROS);
  expect(await booksOf(payer)).toMatchObject({ dollars: 2n * START_USD_MICROS - FEE_USD_MICROS });
  for (const { chainId } of world.worlds) expect((await rebuildBalances(chainId)).differences).toEqual([]);
};

describe("the attestation service", () => {
  test("answers 404 for minutes: it says so, keeps the money on its way, and goes on", async () => {
    const payer = await makePayer(world.worlds, START_USD_MICROS);
    world.iris.knobs.missingUntil = Date.now() + 600_000;
    const id = await bringTogether(payer);
    await turns("sign", "bundle", "follow", "advance", "advance");
    expect(await stateOf(id)).toMatchObject({ stage: "left", problem: null });
    await sql`UPDATE consolidations SET left_at = now() - INTERVAL '10 minutes' WHERE id = ${id}`;
    await turns("advance");
    expect(await stateOf(id)).toMatchObject({ stage: "left", problem: "attestation_late", status: "pending" });
    expect(await booksOf(payer)).toEqual({ dollars: 2n * START_USD_MICROS });
    world.iris.knobs.missingUntil = 0;
    await ended(payer, id);
  });

  test("signs with a wrong key: nothing is sent to the chain, and the right one is taken when it comes", async () => {
    const payer = await makePayer(world.worlds, START_USD_MICROS);
    world.iris.knobs.isWrong = true;
    const id = await bringTogether(payer);
    await turns("sign", "bundle", "follow", "advance", "advance", "advance", "advance", "advance");
    expect(await stateOf(id)).toMatchObject({ stage: "left", problem: "attestation_wrong" });
    const calls = await sql`SELECT 1 FROM operator_calls WHERE subject_id = ${id}`;
    expect(calls).toHaveLength(0);
    world.iris.knobs.isWrong = false;
    await ended(payer, id);
  });

  test("is not there at all: the same", async () => {
    const payer = await makePayer(world.worlds, START_USD_MICROS);
    const id = await bringTogether(payer);
    const url = process.env.IRIS_URL;
    process.env.IRIS_URL = "http://127.0.0.1:9";
    await turns("sign", "bundle", "follow", "advance");
    await sql`UPDATE consolidations SET left_at = now() - INTERVAL '10 minutes' WHERE id = ${id}`;
    await turns("advance");
    expect(await stateOf(id)).toMatchObject({ stage: "left", problem: "attestation_late" });
    // Rewards and time stay known; dollars can't be priced just now, and that is said.
    expect(await findMovable((await makePayer(world.worlds, START_USD_MICROS)).userId)).toMatchObject({ isComplete: false });
    process.env.IRIS_URL = url;
    await ended(payer, id);
  });
});

test("a stranger brings the message first: it arrives once, and what was followed too early is found", async () => {
  const payer = await makePayer(world.worlds, START_USD_MICROS);
  const id = await bringTogether(payer);
  await turns("sign", "bundle", "follow");
  const { left_tx_hash } = must((await sql<{ left_tx_hash: Hex }[]>`SELECT left_tx_hash FROM consolidations WHERE id = ${id}`)[0]);
  let signed: { message: Hex; attestation: Hex; status: string } | undefined;
  while (signed?.status !== "complete") {
    const answer = await fetch(`${world.iris.url}/v2/messages/2?transactionHash=${left_tx_hash}`);
    if (answer.ok) signed = ((await answer.json()) as { messages: [NonNullable<typeof signed>] }).messages[0];
  }
  await sendAs(world.base.chain.client, STRANGER, { ...receiveMessageCall("84532", signed), gas: 500_000n });
  // The block is followed before our row knows the message's number.
  await turns("follow", "advance");
  for (let look = 0; look < 8; look += 1) await turns("advance");
  await ended(payer, id);
  // What the follower took for income meanwhile was none: only the dollars of the start are.
  expect(await sql`SELECT 1 FROM transactions WHERE to_user_id = ${payer.userId} AND purpose = 'incoming' AND tx_hash = (SELECT arrived_tx_hash FROM consolidations WHERE id = ${id})`).toHaveLength(0);
});

describe("a chain that stops", () => {
  test.each([["the one where it goes", "84532"], ["the one where it was", "11155420"]] as [string, ChainId][])("%s, at every step of rewards: it waits, says so, and goes on", async (_name, chainId) => {
    const payer = await rewardsHolder();
    const before = await booksOf(payer);
    const id = await bringTogether(payer, store.storeId);
    const rpc = process.env[`RPC_URL_${chainId}`];
    const isStopped = async (...wheels: Wheel[]) => {
      process.env[`RPC_URL_${chainId}`] = "http://127.0.0.1:9";
      for (const wheel of wheels) await turn(world, wheel).catch(() => {});
      process.env[`RPC_URL_${chainId}`] = rpc;
      // What had to wait is due again: the test turns the wheels, not the clock.
      await sql`UPDATE user_operations SET next_attempt_at = now() WHERE status = 'queued'`;
      await sql`UPDATE operator_calls SET next_attempt_at = now() WHERE status = 'queued'`;
    };
    await isStopped("sign", "bundle");
    await turns("sign", "bundle", "follow");
    await sql`UPDATE consolidations SET left_at = now() - INTERVAL '10 minutes' WHERE id = ${id}`;
    for (const wheels of [["advance", "call"], ["relay", "advance"], ["advance", "call"]] as Wheel[][]) {
      await isStopped(...wheels);
      expect(await booksOf(payer)).toEqual(before);
      await turns(...wheels);
    }
    await isStopped("advance", "advance");
    if ((await stateOf(id)).stage !== "arrived") expect((await stateOf(id)).problem).toBe("chain_silent");
    await finish(world);
    expect(await stateOf(id)).toMatchObject({ stage: "arrived", status: "confirmed" });
    expect(await booksOf(payer)).toEqual(before);
  });
});

describe("what a reorg takes back", () => {
  test("a claim: the rewards are on their way again, are claimed again, and a replay is refused", async () => {
    const payer = await rewardsHolder();
    const before = await booksOf(payer);
    const id = await bringTogether(payer, store.storeId);
    await turns("sign", "bundle", "follow", "advance", "call", "advance", "relay", "advance");
    expect((await stateOf(id)).stage).toBe("delivered");
    const { client } = world.base.chain;
    const snapshot = await client.snapshot();
    await turns("advance", "call", "tend", "follow");
    expect(await stateOf(id)).toMatchObject({ stage: "arrived", status: "confirmed" });

    await client.revert({ id: snapshot });
    await client.mine({ blocks: 1 });
    await turns("follow");
    expect(await stateOf(id)).toMatchObject({ stage: "rooted", status: "pending", arrived_units: null });
    expect(await booksOf(payer)).toEqual(before);
    await finish(world);
    expect(await stateOf(id)).toMatchObject({ stage: "arrived", status: "confirmed" });
    expect(await booksOf(payer)).toEqual(before);

    const { sucker, leaf_index } = must((await sql<{ sucker: Address; leaf_index: number }[]>`SELECT sucker, leaf_index FROM consolidations WHERE id = ${id}`)[0]);
    const leaves = await readOutboxLeaves("11155420", sucker, 0n);
    const replay = claimCall("84532", sucker, must(leaves[leaf_index]), must(proofFor(leaves, leaf_index, await readInboxRoot("84532", sucker))));
    await expect(client.call({ account: STRANGER, ...replay })).rejects.toThrow();
  });

  test("a prepared leaf, with another person's in its place afterwards: each gets their own", async () => {
    const [payer, other] = [await rewardsHolder(), await rewardsHolder()];
    const before = [await booksOf(payer), await booksOf(other)];
    const { client } = world.op.chain;
    const snapshot = await client.snapshot();
    const id = await bringTogether(payer, store.storeId);
    await turns("sign", "bundle", "follow", "advance");
    const first = must((await stateOf(id)).leaf_index);
    await client.revert({ id: snapshot });
    await client.mine({ blocks: 1 });
    await turns("follow");
    expect(await stateOf(id)).toMatchObject({ stage: "leaving", leaf_index: null, status: "pending" });
    expect(await booksOf(payer)).toEqual(before[0]);

    // The other one's operation gets onto the new chain first.
    await sql`UPDATE user_operations SET next_attempt_at = now() + INTERVAL '1 hour', tx_hash = NULL WHERE id = ${id}`;
    await sql`UPDATE operator_transactions SET status = 'replaced' WHERE ${id} = ANY (operation_ids)`;
    const otherId = await bringTogether(other, store.storeId);
    await turns("sign", "bundle", "follow", "advance");
    expect((await stateOf(otherId)).leaf_index).toBe(first);
    await sql`UPDATE user_operations SET next_attempt_at = now() WHERE id = ${id}`;
    await finish(world);
    expect((await stateOf(id)).leaf_index).toBe(first + 1);
    expect([await booksOf(payer), await booksOf(other)]).toEqual(before);
  });

  test("a burn: leaving again until it lands again, and minted once", async () => {
    const payer = await makePayer(world.worlds, START_USD_MICROS);
    const { client } = world.op.chain;
    const snapshot = await client.snapshot();
    const id = await bringTogether(payer);
    await turns("sign", "bundle", "follow", "advance");
    await client.revert({ id: snapshot });
    await client.mine({ blocks: 1 });
    await turns("follow");
    expect(await stateOf(id)).toMatchObject({ stage: "leaving", status: "pending" });
    expect(await booksOf(payer)).toEqual({ dollars: 2n * START_USD_MICROS });
    await ended(payer, id);
  });

  test("a mint: the operator's own call comes back, once", async () => {
    const payer = await makePayer(world.worlds, START_USD_MICROS);
    const id = await bringTogether(payer);
    await turns("sign", "bundle", "follow", "advance", "advance", "advance", "advance", "advance");
    expect((await stateOf(id)).stage).toBe("attested");
    const { client } = world.base.chain;
    const snapshot = await client.snapshot();
    await turns("call", "tend", "follow");
    expect((await stateOf(id)).stage).toBe("arrived");
    await client.revert({ id: snapshot });
    await client.mine({ blocks: 1 });
    await turns("follow");
    expect(await stateOf(id)).toMatchObject({ stage: "attested", status: "pending" });
    await ended(payer, id);
    // Whoever sent it again did so at the same nonce, so only one can be on the chain. The event may be followed before the outbox looks at its receipt.
    const sent = () => sql`SELECT DISTINCT o.nonce FROM operator_transactions o JOIN operator_calls c ON c.id = o.call_id WHERE c.subject_id = ${id} AND o.status = 'mined'`;
    await expect.poll(async () => (await turns("tend"), (await sent()).length), { timeout: 20_000 }).toBe(1);
  });
});

describe("the outbox of the operators", () => {
  test("calls and bundles share the nonces, and a stuck call is replaced at the same one", async () => {
    const payer = await makePayer(world.worlds, START_USD_MICROS);
    const id = await bringTogether(payer);
    await turns("sign", "bundle", "follow", "advance", "advance", "advance", "advance", "advance");
    const { client } = world.base.chain;
    const since = newId();
    await client.setAutomine(false);
    await turns("call");
    const paid = await confirm(payer, store, 1_000_000n);
    await turns("sign", "bundle");
    const open = await sql<{ nonce: number; is_call: boolean }[]>`SELECT nonce::int, call_id IS NOT NULL AS is_call FROM operator_transactions WHERE chain_id = '84532' AND status = 'sent' AND id > ${since} ORDER BY nonce`;
    expect(open.map(({ is_call }) => is_call)).toEqual([true, false]);
    expect(must(open[1]).nonce).toBe(must(open[0]).nonce + 1);
    // Dropped by the node, and passed by: higher fees at the same nonce.
    await client.request<{ Method: "anvil_dropAllTransactions"; Parameters: []; ReturnType: null }>({ method: "anvil_dropAllTransactions", params: [] });
    await turns("tend");
    await client.mine({ blocks: 4 });
    await turns("tend", "tend");
    await client.setAutomine(true);
    await client.mine({ blocks: 1 });
    await finish(world);
    expect((await paymentOf(paid)).status).toBe("confirmed");
    expect((await stateOf(id)).stage).toBe("arrived");
    expect(await chainsHold(world, payer)).toBe(2n * START_USD_MICROS - FEE_USD_MICROS - 1_000_000n);
  });
});

test("what the screen did not show is refused, and a second tap is the first", async () => {
  const payer = await makePayer(world.worlds, START_USD_MICROS);
  const actor = actorOf(payer);
  const asked = { key: newId(), storeId: null, fromChainId: "11155420" as const, units: START_USD_MICROS, maxFeeUsdMicros: 2_400n };
  await expect(startConsolidation(actor, { ...asked, units: START_USD_MICROS - 1n })).rejects.toMatchObject({ code: "consolidation_moved" });
  await expect(startConsolidation(actor, { ...asked, maxFeeUsdMicros: 1n })).rejects.toMatchObject({ code: "consolidation_moved" });
  await expect(startConsolidation(actor, { ...asked, fromChainId: "84532" })).rejects.toMatchObject({ code: "consolidation_moved" });
  const first = await startConsolidation(actor, asked);
  expect(await startConsolidation(actor, asked)).toEqual(first);
  await ended(payer, first.consolidationId);
});

test("a row that a broken-in web process wrote sends nothing to anybody else", async () => {
  const payer = await makePayer(world.worlds, START_USD_MICROS);
  const id = await bringTogether(payer);
  await sql`UPDATE transactions SET terms = terms || ${sql.json({ recipient: STRANGER })} WHERE id = ${id}`;
  await turns("sign", "bundle", "follow");
  const [row] = await sql<{ status: string; signed: boolean }[]>`SELECT status, signed_operation IS NOT NULL AS signed FROM user_operations WHERE id = ${id}`;
  expect(row).toEqual({ status: "queued", signed: false });
  await sql`UPDATE transactions SET terms = terms || ${sql.json({ recipient: payer.address })} WHERE id = ${id}`;
  await sql`UPDATE user_operations SET next_attempt_at = now() WHERE id = ${id}`;
  await ended(payer, id);
});

test("somebody who signs by themselves: it leaves with their own signature only, and arrives in their own account", async () => {
  const { payer, main } = await makeOwner(world.worlds, START_USD_MICROS);
  const id = await bringTogether(payer);
  await turns("sign", "bundle", "follow");
  const [row] = await sql<{ status: string }[]>`SELECT status FROM user_operations WHERE id = ${id}`;
  expect(row).toEqual({ status: "prepared" });
  await signAll(payer, id, main);
  await ended(payer, id);
});
