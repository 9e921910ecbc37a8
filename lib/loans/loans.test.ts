import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { warpTo } from "@/lib/dev/chain/anvil-client";
import { makeRate } from "@/lib/test/factories";
import { confirm, dollarsOf, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { claim, compareLoans, growStore, lookAgain, permissionsLeft, projectOf, tokensOf, transactionOf } from "@/lib/test/loan-world";
import { bonusOf, openLoansOf, potsOf } from "./queries";

process.env.CHAIN_IDS = "84532";
const YEAR_SECONDS = 365 * 86_400;
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  world = await startChainWorld();
  store = await makeOpenStore(world);
  await makeRate();
});
afterAll(() => world.stop());

/** Somebody who has rewards of the store: a twentieth of what was paid. */
async function makeRewarded(paidUsdMicros: bigint, dollarsUsdMicros = paidUsdMicros): Promise<Payer> {
  const payer = await makePayer(world, dollarsUsdMicros);
  const id = await confirm(payer, store, paidUsdMicros);
  await world.settle();
  expect((await paymentOf(id)).status).toBe("confirmed");
  return payer;
}
const rowsOf = (userId: string) => sql<{ is_active: boolean; closed_reason: string | null; replaces: boolean; bps: number; repaid: boolean; closed: boolean }[]>`
  SELECT is_active, closed_reason, replaces_loan_id IS NOT NULL AS replaces, prepaid_fee_percent AS bps, repaid_at IS NOT NULL AS repaid, repayment_tx_hash IS NOT NULL AS closed FROM loans WHERE user_id = ${userId} ORDER BY block_number, id`;

describe("cash out", () => {
  test("brings exactly what was shown, for an amount or for all", async () => {
    const person = await makeRewarded(100_000_000n);
    const pot = must((await potsOf(person))[0]);
    const part = await claim(world, person, { way: "cash_out", from: pot.key, askedUsdMicros: 2_000_000n });
    expect(BigInt((await transactionOf(part.transactionId)).amount)).toBe(part.item.netUsdMicros);
    expect(part.item.netUsdMicros - 2_000_000n).toBeLessThanOrEqual(1n);
    await lookAgain(world);
    const rest = must((await potsOf(person))[0]);
    const all = await claim(world, person, { way: "cash_out", from: rest.key, askedUsdMicros: null });
    expect(await transactionOf(all.transactionId)).toMatchObject({ status: "confirmed", amount: must(rest.cashOutUsdMicros).toString() });
    expect((await potsOf(person)).length).toBe(0);
    expect(await sql`SELECT 1 FROM loans WHERE user_id = ${person.userId}`).toHaveLength(0);
  });
});

test("a reorg that removes a loan removes its row, and reopens one that it ended", async () => {
  const person = await makeRewarded(100_000_000n, 130_000_000n);
  const client = world.chain.client;
  const pot = must((await potsOf(person))[0]);
  const snapshot = await client.snapshot();
  const taken = await claim(world, person, { way: "advance", from: pot.key, askedUsdMicros: null });
  expect(await openLoansOf(person)).toHaveLength(1);
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(await openLoansOf(person)).toEqual([]);
  expect(await sql`SELECT 1 FROM loans WHERE user_id = ${person.userId}`).toHaveLength(0);
  expect((await transactionOf(taken.transactionId)).status).toBe("pending");
  // The same operation lands again, and so does its loan, once.
  await world.settle();
  await lookAgain(world);
  const again = await compareLoans(world, person);
  expect(again.ours).toEqual(again.chain);
  expect(again.ours).toHaveLength(1);

  const [open] = await openLoansOf(person);
  const before = await client.snapshot();
  await claim(world, person, { way: "repayment", from: must(open).loan.id, askedUsdMicros: null });
  expect(await openLoansOf(person)).toEqual([]);
  await client.revert({ id: before });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect((await openLoansOf(person)).map(({ loan }) => loan.number)).toEqual([must(open).loan.number]);
  await world.settle();
  expect(await openLoansOf(person)).toEqual([]);
});

// Last: it moves the chain's clock by a year.
test("an advance from claim to the last repayment: rows and queries equal the contract at each step", async () => {
  const person = await makeRewarded(400_000_000n, 500_000_000n);
  const { projectId, token } = await projectOf(store.storeId);
  const pot = must((await potsOf(person))[0]);
  expect(pot).toMatchObject({ cashOutUsdMicros: 20_000_000n, advanceUsdMicros: 18_800_000n });

  // Claimed.
  const before = await dollarsOf(person.userId);
  const taken = await claim(world, person, { way: "advance", from: pot.key, askedUsdMicros: null });
  expect(taken.item).toMatchObject({ grossUsdMicros: 20_000_000n, netUsdMicros: 18_800_000n, storeFeeUsdMicros: 500_000n, protocolFeeUsdMicros: 500_000n, networkFeeUsdMicros: 200_000n });
  expect(await transactionOf(taken.transactionId)).toMatchObject({ status: "confirmed", amount: "18800000", purpose: "advance", reserved: "0" });
  expect((await dollarsOf(person.userId)).available - before.available).toBe(18_800_000n);
  expect(await permissionsLeft(world, person.address, projectId)).toBe(0n);
  await lookAgain(world);
  const first = await compareLoans(world, person);
  expect(first.ours).toEqual(first.chain);
  expect(first.ours).toMatchObject([{ amount: 20_000_000n, bps: 250, seconds: 15_768_000, owed: 20_000_000n }]);
  expect(await rowsOf(person.userId)).toMatchObject([{ is_active: true, replaces: false, bps: 250 }]);

  // The store grew: the advance carries more.
  expect((await bonusOf(person)).headroomUsdMicros).toBeLessThan(100_000n);
  await growStore(world, store.storeId, 200_000_000n);
  await lookAgain(world);
  const [grown] = await openLoansOf(person);
  const headroom = must(must(grown).headroom);
  expect(headroom.netUsdMicros).toBeGreaterThan(5_000_000n);
  const compared = await compareLoans(world, person);
  expect(compared.ours).toEqual(compared.chain);
  const more = await claim(world, person, { way: "headroom", from: must(grown).loan.id, askedUsdMicros: null });
  expect(await transactionOf(more.transactionId)).toMatchObject({ status: "confirmed", amount: headroom.netUsdMicros.toString(), purpose: "headroom" });
  await lookAgain(world);
  const second = await compareLoans(world, person);
  expect(second.ours).toEqual(second.chain);
  expect(second.ours).toHaveLength(2);
  expect(await permissionsLeft(world, person.address, projectId)).toBe(0n);
  expect((await rowsOf(person.userId)).map(({ is_active, closed_reason, replaces }) => [is_active, closed_reason, replaces])).toEqual([[false, "reallocated", false], [true, null, true], [true, null, false]]);

  // Half repaid.
  const [older] = await openLoansOf(person);
  const half = must(must(older).owed).totalUsdMicros / 2n;
  const heldBefore = await tokensOf(world, token, person.address);
  const part = await claim(world, person, { way: "repayment", from: must(older).loan.id, askedUsdMicros: half });
  const paid = await transactionOf(part.transactionId);
  expect(paid).toMatchObject({ status: "confirmed", purpose: "repayment", reserved: "0", amount: part.item.netUsdMicros.toString() });
  expect(BigInt(paid.amount)).toBeLessThanOrEqual(half);
  expect((await tokensOf(world, token, person.address)) - heldBefore).toBe(part.item.units);
  await lookAgain(world);
  const third = await compareLoans(world, person);
  expect(third.ours).toEqual(third.chain);
  expect((await rowsOf(person.userId)).map(({ is_active, closed_reason }) => [is_active, closed_reason])).toEqual([[false, "reallocated"], [false, "repaid"], [true, null], [true, null]]);

  // Repaid after a year of chain time, with the fee for paying late.
  await warpTo(world.chain.client, Number((await world.chain.client.getBlock()).timestamp) + YEAR_SECONDS);
  await lookAgain(world);
  const late = await compareLoans(world, person);
  expect(late.ours).toEqual(late.chain);
  for (const open of await openLoansOf(person)) {
    expect(must(open.owed).feeUsdMicros).toBeGreaterThan(0n);
    const had = await dollarsOf(person.userId);
    const last = await claim(world, person, { way: "repayment", from: open.loan.id, askedUsdMicros: null });
    expect(await transactionOf(last.transactionId)).toMatchObject({ status: "confirmed", amount: last.item.netUsdMicros.toString() });
    expect(had.settled - (await dollarsOf(person.userId)).settled).toBe(last.item.netUsdMicros);
  }
  expect(await openLoansOf(person)).toEqual([]);
  expect((await rowsOf(person.userId)).every(({ is_active, closed, repaid }) => !is_active && closed && repaid)).toBe(true);
  expect((await potsOf(person))[0]?.units).toBeGreaterThanOrEqual(pot.units);
});
