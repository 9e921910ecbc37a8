import assert from "node:assert/strict";
import { encodeFunctionData, erc20Abi, type Address } from "viem";
import { fundOperator, sendAs } from "@/lib/dev/chain/anvil-client";
import type { Check, World } from "../check";
import { pay } from "../pages";
import { assertPaidOnce, eventsOf, rowsOf, statusOf, untilSettled } from "../payments";
import { giveDollars, newPerson, settledOf } from "../people";
import { memoOf } from "../reader";
import { CHAIN } from "../stack";
import { pause, until } from "../until";

/** Circle's USDC on Base Sepolia, as its documents name it. */
const USDC_ADDRESS: Address = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
const OUTSIDER: Address = "0x00000000000000000000000000000000000a11ce";
const FOLLOW_LIMIT_MS = 2_000;

async function reorg(world: World): Promise<string> {
  const { web, store, chains, reader, db } = world;
  const client = chains[CHAIN];
  const payer = await newPerson(world, 30_000_000n);
  const ids = [await pay(web[0], payer, store.shortCode, "3,00"), await pay(web[1], payer, store.shortCode, "4,00")];
  await untilSettled(world, ids);
  const before = await rowsOf(world, ids);
  const settledBefore = await settledOf(world, payer.userId);
  const [deepest] = await db<{ block: string }[]>`SELECT min(block_number)::text AS block FROM transactions WHERE id = ANY (${ids}::uuid[])`;
  const toldAgain = async () => (await db<{ count: number }[]>`SELECT count(*)::int AS count FROM store_events WHERE kind = 'checking_again'`)[0]?.count ?? 0;
  const toldBefore = await toldAgain();
  // No block until the pages were looked at.
  await client.setIntervalMining({ interval: 0 });
  let pendingMs: number;
  try {
    const head = await client.getBlockNumber();
    const depth = Number(head - BigInt(deepest?.block ?? head)) + 1;
    await client.request({ method: "anvil_reorg" as never, params: [depth, []] as never });
    assert.equal((await reader.pays()).filter(({ payer: from }) => from === payer.account).length, 0, "the chain has lost the payments");
    pendingMs = await until("the payments are checked again", async () => (await rowsOf(world, ids)).every(({ status }) => status === "pending"), 10_000);
    for (const id of ids) {
      const shown = await fetch(`${web[1]}/payments/${id}`, { headers: { cookie: payer.cookie } }).then((answer) => answer.text());
      assert.match(shown, /Não pague de novo/, "the page checks again");
      assert.deepEqual(await eventsOf(world, id), ["paid", "checking_again"], "the till's log");
    }
    assert.equal((await toldAgain()) - toldBefore, ids.length, "payments below the reorg are left alone");
    const again = await rowsOf(world, ids);
    assert(again.every(({ reservedDollars, dollarsUsdMicros }) => reservedDollars === dollarsUsdMicros), "the money is reserved again");
    const onChain = await client.readContract({ address: USDC_ADDRESS, abi: erc20Abi, functionName: "balanceOf", args: [payer.account] });
    assert.deepEqual({ settled: await settledOf(world, payer.userId), onChain }, { settled: 30_000_000n, onChain: 30_000_000n }, "the balance is that before the payments");
  } finally {
    await client.setIntervalMining({ interval: 1 });
  }
  const ms = await untilSettled(world, ids);
  for (const id of ids) assert.deepEqual(await eventsOf(world, id), ["paid", "checking_again", "confirmed_again"], "no second sound");
  await assertPaidOnce(world, new Map(ids.map((id) => [id, payer])));
  const after = await rowsOf(world, ids);
  assert.deepEqual(after.map(({ code }) => code), before.map(({ code }) => code), "the codes stay");
  assert.equal(await settledOf(world, payer.userId), settledBefore);
  // Whatever the bundler still had in hand has landed or is dead by now; nothing may change any more.
  await pause(5_000);
  await assertPaidOnce(world, new Map(ids.map((id) => [id, payer])));
  return `two payments: pending again ${pendingMs} ms after the reorg, confirmed again ${ms} ms after mining went on; events paid, checking_again, confirmed_again`;
}

async function fromOutside(world: World): Promise<string> {
  const client = world.chains[CHAIN];
  const person = await newPerson(world, 5_000_000n);
  const into = await giveDollars(world, person, 1_000_000n);
  await fundOperator(client, person.account);
  await sendAs(client, person.account, { to: USDC_ADDRESS, data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [OUTSIDER, 1_000_000n] }) });
  const out = await until("the balance follows the transfer out", async () => (await settledOf(world, person.userId)) === 5_000_000n);
  assert(into < FOLLOW_LIMIT_MS && out < FOLLOW_LIMIT_MS, `followed after ${into} and ${out} ms`);
  return `one USDC in: followed after ${into} ms; one out: after ${out} ms`;
}

async function rebuild(world: World): Promise<string> {
  const { db } = world;
  const read = () => db`
    SELECT id, balance::text, 'person' AS holder FROM token_balances UNION ALL SELECT id, balance::text, 'store' FROM store_token_balances ORDER BY 1`;
  const before = await read();
  const said = await world.command("rebuild");
  assert.deepEqual([...(await read())], [...before]);
  const lines = said.trim().split("\n");
  assert(lines.length === 2 && lines.every((line) => line.endsWith("nothing changed")), said);
  return `${before.length} balances; ${lines.join("; ")}`;
}

async function pendingOutside(world: World): Promise<string> {
  // An account that is emptied from outside while a payment of it is under way: refused on chain or before, never half.
  const { web, store, chains } = world;
  const client = chains[CHAIN];
  const payer = await newPerson(world, 6_000_000n);
  await fundOperator(client, payer.account);
  // The account exists: one that was used as a plain sender could never be created any more.
  await untilSettled(world, [await pay(web[0], payer, store.shortCode, "1,00")]);
  await client.setIntervalMining({ interval: 0 });
  let id: string;
  try {
    id = await pay(web[0], payer, store.shortCode, "5,00");
    await until("the operation is on its way", async () => (await rowsOf(world, [id]))[0]?.operation === "submitted");
    await client.impersonateAccount({ address: payer.account });
    await client.sendTransaction({ account: payer.account, to: USDC_ADDRESS, gas: 100_000n, maxPriorityFeePerGas: 10n ** 12n, maxFeePerGas: 10n ** 13n, data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [OUTSIDER, 5_000_000n] }) });
  } finally {
    await client.setIntervalMining({ interval: 1 });
  }
  const ms = await untilSettled(world, [id]);
  assert.equal(await statusOf(world, id), "failed");
  const [row] = await rowsOf(world, [id]);
  assert.equal(row?.reserved, "0", "nothing stays reserved");
  assert.equal(await settledOf(world, payer.userId), 0n);
  assert.equal((await world.reader.pays()).filter(({ memo }) => memo === memoOf(id)).length, 0);
  return `failed after ${ms} ms (${row?.operation}, ${row?.errorCode}), nothing reserved, no Pay event`;
}

export const chainChecks: Check[] = [
  { name: "chain: a reorg takes payments back and brings them again", run: reorg },
  { name: "chain: dollars moved from outside", run: fromOutside },
  { name: "chain: an account emptied while its payment is under way", run: pendingOutside },
  { name: "chain: balances:rebuild changes nothing", run: rebuild },
];
