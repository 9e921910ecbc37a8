import assert from "node:assert/strict";
import type { Check, World } from "../check";
import { pay } from "../pages";
import { assertPaidOnce, eventsOf, rowsOf, statusOf, untilSettled } from "../payments";
import { availableOf, newPerson } from "../people";
import { memoOf } from "../reader";
import { CHAIN } from "../stack";
import { pause, until } from "../until";

const STOP_SECONDS = Number(process.env.FAULT_CHAIN_STOP_SECONDS ?? 40);
/** Longer than an operation lives. */
const JUMP_SECONDS = 180;

/** Payments on their way when the chain goes silent: just confirmed, signed, and in the mempool. */
async function silentChain(world: World): Promise<string> {
  const { web, store, signal, db } = world;
  const payers = [await newPerson(world, 20_000_000n), await newPerson(world, 20_000_000n), await newPerson(world, 20_000_000n)] as const;
  // The accounts exist on chain, so that their operations are not all first ones.
  await untilSettled(world, await Promise.all(payers.slice(0, 2).map((payer) => pay(web[0], payer, store.shortCode, "1,00"))));
  const waiting = new Map<string, (typeof payers)[number]>();
  for (const payer of payers) waiting.set(await pay(web[0], payer, store.shortCode, "2,00"), payer);
  signal(`chain ${CHAIN}`, "SIGSTOP");
  const stoppedAt = Date.now();
  let looks = 0;
  try {
    // Confirmed into the silence.
    for (const payer of payers.slice(1)) waiting.set(await pay(web[1], payer, store.shortCode, "3,00"), payer);
    const atStop = (await rowsOf(world, [...waiting.keys()])).map(({ status, operation }) => `${status}/${operation}`);
    const silent = (await rowsOf(world, [...waiting.keys()])).filter(({ status }) => status === "pending").map(({ id }) => id);
    assert(silent.length >= 2, `payments wait: ${atStop.join(", ")}`);
    while (Date.now() - stoppedAt < STOP_SECONDS * 1000) {
      const rows = await rowsOf(world, silent);
      assert(rows.every(({ status }) => status === "pending"), `still pending: ${rows.map(({ status, errorCode }) => `${status} ${errorCode}`).join(", ")}`);
      for (const id of silent) {
        const payer = waiting.get(id);
        const shown = await fetch(`${web[looks % 2]}/payments/${id}`, { headers: { cookie: payer?.cookie ?? "" } }).then((answer) => answer.text());
        assert.match(shown, /Não pague de novo/);
        looks += 1;
      }
      await pause(2_000);
    }
  } finally {
    signal(`chain ${CHAIN}`, "SIGCONT");
  }
  const ms = await untilSettled(world, [...waiting.keys()], 120_000);
  await assertPaidOnce(world, waiting);
  for (const id of waiting.keys()) assert.deepEqual(await eventsOf(world, id), ["paid"]);
  const [signed] = await db<{ attempts: number }[]>`SELECT max(attempts) AS attempts FROM user_operations WHERE id = ANY (${[...waiting.keys()]}::uuid[])`;
  return `${STOP_SECONDS} s of silence: ${waiting.size} payments, ${looks} looks all "checking, do not pay again", none failed; settled ${(ms / 1000).toFixed(1)} s after the chain went on (at most ${signed?.attempts} signings since)`;
}

/** Signed and recorded, never landed, and its time is over: failed with proof, and the money is free. */
async function expiry(world: World): Promise<string> {
  const { web, store, signal, chains, reader } = world;
  const client = chains[CHAIN];
  const payer = await newPerson(world, 20_000_000n);
  await untilSettled(world, [await pay(web[0], payer, store.shortCode, "1,00")]);
  const free = await availableOf(world, payer.userId);
  await client.setIntervalMining({ interval: 0 });
  let id: string;
  try {
    id = await pay(web[0], payer, store.shortCode, "2,00");
    await until("the operation is signed", async () => (await rowsOf(world, [id]))[0]?.operation === "submitted", 10_000, 2);
    const [dollars] = await rowsOf(world, [id]);
    assert.equal(await availableOf(world, payer.userId), free - BigInt(dollars?.dollarsUsdMicros ?? 0), "reserved while it is under way");
    signal("worker", "SIGSTOP");
    try {
      // Whatever was sent is lost, the clock jumps over the operation's end, and one empty block says so.
      await client.request({ method: "anvil_dropAllTransactions" as never });
      await client.increaseTime({ seconds: JUMP_SECONDS });
      await client.mine({ blocks: 1 });
    } finally {
      signal("worker", "SIGCONT");
    }
    await until("the payment has failed", async () => (await statusOf(world, id)) === "failed", 15_000);
  } finally {
    await client.setIntervalMining({ interval: 1 });
  }
  const [row] = await rowsOf(world, [id]);
  assert.deepEqual({ operation: row?.operation, errorCode: row?.errorCode, reserved: row?.reserved }, { operation: "expired", errorCode: "expired", reserved: "0" });
  assert.equal(await availableOf(world, payer.userId), free, "the money is free again");
  const shown = await fetch(`${web[1]}/payments/${id}`, { headers: { cookie: payer.cookie } }).then((answer) => answer.text());
  assert.match(shown, /Nada foi cobrado/);
  // The lost bundle must not hold up those after it, and the dead operation never lands.
  const next = await pay(web[0], payer, store.shortCode, "4,00");
  const ms = await untilSettled(world, [next]);
  await assertPaidOnce(world, new Map([[next, payer]]));
  await pause(5_000);
  assert.equal((await reader.pays()).filter(({ memo }) => memo === memoOf(id)).length, 0, "it never lands");
  assert.equal(await statusOf(world, id), "failed");
  return `failed as expired, US$ ${Number(free) / 1e6} free again, never landed; the next payment settled in ${ms} ms`;
}

export const silenceChecks: Check[] = [
  { name: "silence: an operation that ends unlanded", run: expiry },
  { name: "silence: the chain stops after confirm", run: silentChain },
];
