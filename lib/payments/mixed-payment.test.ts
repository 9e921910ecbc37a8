import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { encodeExecute } from "@/lib/chain/account";
import { cashOutNetUsdMicros } from "@/lib/chain/cash-out";
import { readCashOutStates } from "@/lib/chain/cash-out-states";
import { receiptOf } from "@/lib/chain/operator";
import { parsePayEvents, paymentCalls } from "@/lib/chain/pay";
import { parseOperation } from "@/lib/chain/user-operation";
import { warpTo } from "@/lib/dev/chain/anvil-client";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { preparedOperations } from "@/lib/operations/queries";
import { dollarsOf, eventsOf, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { makeRate } from "@/lib/test/factories";
import { chainBalances, chainNow, chainOf, confirmQuoted, earnAt, makeTaxedStore, outsiderPays, quoteAt, storeCashesOut, tokensOf, type WorldStore } from "@/lib/test/mixed-world";
import { makeOwnKey, settleAll, signAll, takeOver } from "@/lib/test/own-keys";
import { findStoreByCode } from "./payable-store";
import { partsToSign, paymentToSign } from "./payment-to-sign";
import { getPayment } from "./queries";
import { refreshQuote, rewardsBeside, type Quoted } from "./quote-payment";

process.env.CHAIN_IDS = "84532";
const usd = (dollars: number) => BigInt(Math.round(dollars * 1_000_000));
const TAX = 1_000;
let world: ChainWorld;
let bakery: WorldStore;
let surf: WorldStore;
let bar: WorldStore;
let cafe: WorldStore;
beforeAll(async () => {
  world = await startChainWorld();
  [bakery, surf, bar, cafe] = [await makeOpenStore(world), await makeOpenStore(world), await makeOpenStore(world), await makeOpenStore(world)];
  await makeRate();
});
afterAll(() => world.stop());

/** A person with rewards of three stores, the bakery's the oldest, and dollars. */
async function makeRegular({ atCafe = 0n }: { atCafe?: bigint } = {}) {
  const payer = await makePayer(world, usd(200));
  await earnAt(world, payer, [[bakery, usd(40)], [surf, usd(30)], [bar, usd(20)], ...(atCafe > 0n ? [[cafe, atCafe] as const] : [])]);
  return payer;
}

const shapeOf = ({ quote }: Quoted) => quote.parts.map((part) => [part.kind, part.kind === "dollars" ? null : part.storeId, part.amountUsdMicros]);
const unitsOf = ({ quote }: Quoted, storeId: string) => quote.parts.reduce((sum, part) => (part.kind !== "dollars" && part.storeId === storeId ? sum + part.units : sum), 0n);

/** Pays a quote and holds every balance of the chain against what the quote said. */
async function payToTheUnit(payer: Payer, quoted: Quoted, target: WorldStore, settle: (id: string) => Promise<void> = () => world.settle()) {
  const stores = [bakery, surf, bar, cafe];
  const before = await chainBalances(world, payer, stores);
  const id = await confirmQuoted(payer, quoted);
  await settle(id);
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed", operation: "succeeded", reserved: "0" });
  const after = await chainBalances(world, payer, stores);
  const dollars = quoted.quote.parts.find(({ kind }) => kind === "dollars")?.amountUsdMicros ?? 0n;
  expect(before.dollars - after.dollars).toBe(dollars);
  for (const [index, { storeId }] of stores.entries()) {
    const earned = storeId === target.storeId ? quoted.quote.rewardUnits : 0n;
    expect(after.rewards[index]! - before.rewards[index]!).toBe(earned - unitsOf(quoted, storeId));
    expect(after.storeAccounts[index]! - before.storeAccounts[index]!).toBe(storeId === target.storeId ? unitsOf(quoted, storeId) : 0n);
  }
  // Our own books say the same, and the screen adds up.
  expect((await dollarsOf(payer.userId)).available).toBe(after.dollars);
  const view = await getPayment(payer, id);
  expect(view.parts.reduce((sum, part) => sum + part.amountUsdMicros, 0n)).toBe(quoted.quote.amountUsdMicros);
  expect(view.reward?.units).toBe(quoted.quote.rewardUnits);
  expect(await eventsOf(id)).toEqual(["paid"]);
  return { id, view };
}

describe("rewards of three stores pay at a fourth, to the unit as the screen said", () => {
  test("three other stores and dollars", async () => {
    const payer = await makeRegular();
    const quoted = await quoteAt(world, payer, cafe);
    expect(shapeOf(quoted)).toEqual([
      ["other", bakery.storeId, usd(2)], ["other", surf.storeId, usd(1.5)], ["other", bar.storeId, usd(1)], ["dollars", null, quoted.quote.amountUsdMicros - usd(4.5)],
    ]);
    const { view } = await payToTheUnit(payer, quoted, cafe);
    expect(view.parts.map(({ kind, store, surplusUsdMicros }) => [kind, store?.id, surplusUsdMicros])).toEqual([
      ["other", bakery.storeId, 0n], ["other", surf.storeId, 0n], ["other", bar.storeId, 0n], ["dollars", undefined, 0n],
    ]);
  });

  test("this store's own first, then others, then dollars", async () => {
    const payer = await makeRegular({ atCafe: usd(24) });
    const quoted = await quoteAt(world, payer, cafe);
    expect(shapeOf(quoted).slice(0, 2)).toEqual([["own", cafe.storeId, usd(1.2)], ["other", bakery.storeId, usd(2)]]);
    // No reward on what is handed over: 5 % of the rest.
    expect(quoted.quote.rewardUnits).toBe(((quoted.quote.amountUsdMicros - usd(1.2)) * 10n ** 15n) / 20n);
    await payToTheUnit(payer, quoted, cafe);
  });

  test("dollars only, kept by a refreshed price", async () => {
    const payer = await makeRegular({ atCafe: usd(24) });
    const mixed = await quoteAt(world, payer, cafe);
    const now = await chainNow(world);
    const only = await refreshQuote(payer, mixed.signed, now, { isDollarsOnly: true, offStoreIds: [] });
    const again = await refreshQuote(payer, only.signed, now);
    expect(shapeOf(again)).toEqual([["dollars", null, mixed.quote.amountUsdMicros]]);
    await payToTheUnit(payer, again, cafe);
  });

  test("all in own rewards: no Pay event, settled by the hand-over", async () => {
    const payer = await makeRegular({ atCafe: usd(40) });
    const quoted = await quoteAt(world, payer, cafe, "1,99", "USD");
    expect(shapeOf(quoted)).toEqual([["own", cafe.storeId, usd(1.99)]]);
    const { id } = await payToTheUnit(payer, quoted, cafe);
    const receipt = must(await receiptOf(world.chainId, must((await paymentOf(id)).tx_hash)));
    expect(parsePayEvents(receipt.logs)).toEqual([]);
    expect((await paymentOf(id)).rewards_earned).toMatchObject({ amount: "0", store_id: cafe.storeId });
    // The store's balance holds what was handed over.
    const [held] = await sql<{ balance: string }[]>`SELECT balance::text FROM store_token_balances WHERE store_id = ${cafe.storeId} AND token_store_id = ${cafe.storeId}`;
    expect(BigInt(must(held).balance)).toBe(await tokensOf(world, (await chainOf(world, cafe.storeId)).token_address, (await chainOf(world, cafe.storeId)).account));
  });

  test("an account of one's own signs exactly the calls that both of its screens make", async () => {
    const payer = await makeRegular({ atCafe: usd(24) });
    const [main, second] = [makeOwnKey("passkey"), makeOwnKey()];
    await takeOver(payer, [main, second]);
    await settleAll([world]);
    const quoted = await quoteAt(world, payer, cafe);
    const shown = must(await partsToSign(quoted.quote, await findStoreByCode(cafe.shortCode)));
    await payToTheUnit(payer, quoted, cafe, async (id) => {
      await world.sign();
      const [prepared] = await preparedOperations(payer, { subjectId: id });
      const waiting = must(await paymentToSign(payer, id));
      const { callData } = parseOperation(must(prepared).op);
      expect(callData).toBe(encodeExecute(paymentCalls({ transactionId: id, account: payer.address, ...shown })));
      expect(callData).toBe(encodeExecute(paymentCalls(waiting)));
      await signAll(payer, id, main);
      await world.settle();
    });
  });
});

describe("a store with a cash-out tax", () => {
  let taxed: WorldStore;
  /** A person with some US$ 2 of rewards there, after fees. */
  async function makeTaxedRegular() {
    const payer = await makePayer(world, usd(150));
    await earnAt(world, payer, [[taxed, usd(60)]]);
    return payer;
  }
  beforeAll(async () => {
    taxed = await makeTaxedStore(world, TAX);
    await outsiderPays(world, taxed, usd(500));
  });

  test("fees and surplus are the chain's, and the surplus stays the payer's dollars", async () => {
    const payer = await makeTaxedRegular();
    const quoted = await quoteAt(world, payer, cafe);
    const [part] = quoted.quote.parts;
    if (part?.kind !== "other") throw new Error("the taxed store takes part");
    expect(part.feeUsdMicros).toBeGreaterThan(0n);
    const before = await chainBalances(world, payer, [taxed, cafe]);
    const id = await confirmQuoted(payer, quoted);
    await world.settle();
    const after = await chainBalances(world, payer, [taxed, cafe]);
    const dollars = quoted.quote.amountUsdMicros - part.amountUsdMicros;
    expect(before.dollars - after.dollars).toBe(dollars - part.surplusUsdMicros);
    const view = await getPayment(payer, id);
    expect(view).toMatchObject({ status: "confirmed", parts: [{ kind: "other", surplusUsdMicros: part.surplusUsdMicros }, { kind: "dollars" }] });
  });

  test("a little drift within the hundredth pays all the same", async () => {
    const payer = await makeTaxedRegular();
    const quoted = await quoteAt(world, payer, cafe);
    await outsiderPays(world, taxed, usd(50));
    const id = await confirmQuoted(payer, quoted);
    await world.settle();
    expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
  });

  test("between the screen and the tap: nothing is written, and the refreshed price has the new numbers", async () => {
    const payer = await makeTaxedRegular();
    await storeCashesOut(world, taxed);
    await world.follow();
    const quoted = await quoteAt(world, payer, cafe);
    await outsiderPays(world, taxed, usd(500));
    await expect(confirmQuoted(payer, quoted)).rejects.toMatchObject({ code: "quote_moved" });
    expect(await sql`SELECT 1 FROM transactions WHERE from_user_id = ${payer.userId} AND store_id = ${cafe.storeId}`).toHaveLength(0);
    const again = await refreshQuote(payer, quoted.signed, await chainNow(world));
    expect(again.quote.amountUsdMicros).toBe(quoted.quote.amountUsdMicros);
    expect(again.quote.parts[0]?.amountUsdMicros).toBeLessThan(must(quoted.quote.parts[0]).amountUsdMicros);
    const id = await confirmQuoted(payer, again);
    await world.settle();
    expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
  });

  test("between the tap and the signature: the payment ends unsent, and everything is free again", async () => {
    const payer = await makeTaxedRegular();
    await storeCashesOut(world, taxed);
    await world.follow();
    const quoted = await quoteAt(world, payer, cafe);
    const before = await chainBalances(world, payer, [taxed, cafe]);
    const id = await confirmQuoted(payer, quoted);
    await outsiderPays(world, taxed, usd(500));
    await world.settle();
    expect(await paymentOf(id)).toMatchObject({ status: "failed", operation: "expired", error_code: "quote_moved", reserved: "0", user_op_hash: null });
    expect(await chainBalances(world, payer, [taxed, cafe])).toEqual(before);
    // The same key has had its payment; the next tap has a key of its own.
    expect(await confirmQuoted(payer, await quoteAt(world, payer, cafe))).not.toBe(id);
    await world.settle();
  });

  test("between the signature and the block: it reverts as a whole, and nothing has moved", async () => {
    const payer = await makeTaxedRegular();
    await storeCashesOut(world, taxed);
    await world.follow();
    const before = await chainBalances(world, payer, [taxed, cafe]);
    const id = await confirmQuoted(payer, await quoteAt(world, payer, cafe));
    await world.sign();
    await outsiderPays(world, taxed, usd(500));
    await world.settle();
    expect(await paymentOf(id)).toMatchObject({ status: "failed", operation: "reverted", error_code: "quote_moved", reserved: "0" });
    expect(await chainBalances(world, payer, [taxed, cafe])).toEqual(before);
    expect(await eventsOf(id)).toEqual([]);
  });

  test("three of them, own rewards and dollars fit into one operation's gas", async () => {
    const others = [taxed, await makeTaxedStore(world, TAX), await makeTaxedStore(world, TAX)];
    const payer = await makePayer(world, usd(300));
    await earnAt(world, payer, [...others.map((store) => [store, usd(60)] as const), [cafe, usd(24)]]);
    const quoted = await quoteAt(world, payer, cafe, "70,00");
    expect(quoted.quote.parts.map(({ kind }) => kind)).toEqual(["own", "other", "other", "other", "dollars"]);
    const id = await confirmQuoted(payer, quoted);
    await world.settle();
    expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
    const [row] = await sql<{ gas: string }[]>`SELECT signed_operation->>'callGasLimit' AS gas FROM user_operations WHERE id = ${id}`;
    expect(BigInt(must(row).gas)).toBeLessThan(3_000_000n);
  });
});

test("a store whose cash-outs wait is left out with its date, and takes part afterwards", async () => {
  const late = await makeTaxedStore(world, 0, { startsInPast: true });
  const payer = await makePayer(world, usd(100));
  await earnAt(world, payer, [[late, usd(20)]]);
  const quoted = await quoteAt(world, payer, cafe);
  expect(shapeOf(quoted)).toEqual([["dollars", null, quoted.quote.amountUsdMicros]]);
  const { leftOut } = await rewardsBeside(payer, quoted.quote);
  expect(leftOut).toMatchObject([{ store: { id: late.storeId }, reason: "delayed", valueUsdMicros: usd(1) }]);
  const until = must(must(leftOut[0]).until);
  expect(until.getTime()).toBeGreaterThan((await chainNow(world)).getTime() + 29 * 86_400_000);
  // At the store itself they pay: a hand-over is no cash-out.
  expect(shapeOf(await quoteAt(world, payer, late, "0,50", "USD"))).toEqual([["own", late.storeId, usd(0.5)]]);

  const snapshot = await world.chain.client.snapshot();
  await warpTo(world.chain.client, until.getTime() / 1_000 + 1);
  await world.follow();
  const later = await quoteAt(world, payer, cafe);
  expect(shapeOf(later)[0]).toEqual(["other", late.storeId, usd(1)]);
  await world.chain.client.revert({ id: snapshot });
  await world.chain.client.mine({ blocks: 1 });
  await world.follow();
});

test("a price that ended writes nothing; its payment made in time still answers", async () => {
  const payer = await makeRegular();
  const quoted = await quoteAt(world, payer, cafe);
  const { confirmPayment } = await import("./confirm-payment");
  const late = new Date(quoted.quote.expiresAt.getTime() + 1);
  const key = "0192f0c0-0000-7000-8000-0000000000aa";
  await expect(confirmPayment(payer, { key, quote: quoted.signed }, late)).rejects.toMatchObject({ code: "quote_expired" });
  const id = await confirmQuoted(payer, quoted, key);
  await world.settle();
  expect(await confirmPayment(payer, { key, quote: quoted.signed }, late)).toEqual({ transactionId: id });
  // The rewards are gone by now, and a retry in time meets the same payment.
  expect(await confirmQuoted(payer, quoted, key)).toBe(id);
  const other = await refreshQuote(payer, quoted.signed, await chainNow(world));
  await expect(confirmQuoted(payer, other, key)).rejects.toMatchObject({ code: "idempotency_mismatch" });
});

test("a reorg takes every part back and reserves it again; it is confirmed once more as it was", async () => {
  const payer = await makeRegular({ atCafe: usd(24) });
  const { client } = world.chain;
  const quoted = await quoteAt(world, payer, cafe);
  const before = await chainBalances(world, payer, [bakery, surf, bar, cafe]);
  const snapshot = await client.snapshot();
  const id = await confirmQuoted(payer, quoted);
  await world.settle();
  const paid = await getPayment(payer, id);
  const after = await chainBalances(world, payer, [bakery, surf, bar, cafe]);

  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", operation: "submitted", tx_hash: null, rewards_earned: { expected: true } });
  expect(await chainBalances(world, payer, [bakery, surf, bar, cafe])).toEqual(before);
  const reserved = await sql<{ amount: string }[]>`SELECT amount::text FROM balance_reservations WHERE operation_id = ${id} AND released_at IS NULL`;
  expect(reserved).toHaveLength(quoted.quote.parts.length);

  await world.settle();
  expect(await getPayment(payer, id)).toMatchObject({ status: "confirmed", parts: paid.parts, reward: paid.reward });
  expect(await chainBalances(world, payer, [bakery, surf, bar, cafe])).toEqual(after);
  expect(await eventsOf(id)).toEqual(["paid", "checking_again", "confirmed_again"]);
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});

test.each<[string, (id: string) => Promise<unknown>]>([
  ["other rewards than its row says", (id) => sql`UPDATE transactions SET tokens_used = jsonb_set(tokens_used, '{0,amount}', to_jsonb(((tokens_used->0->>'amount')::numeric + 1)::text)) WHERE id = ${id}`],
  ["another amount than its row says", (id) => sql`UPDATE transactions SET tokens_used = jsonb_set(tokens_used, '{0,amount_usd}', '"1.199999"') WHERE id = ${id}`],
])("an operation that landed with %s is not taken for paid", async (_what, change) => {
  const payer = await makePayer(world, usd(100));
  await earnAt(world, payer, [[cafe, usd(24)]]);
  const quoted = await quoteAt(world, payer, cafe);
  expect(shapeOf(quoted)[0]).toEqual(["own", cafe.storeId, usd(1.2)]);
  const id = await confirmQuoted(payer, quoted);
  await world.sign();
  await change(id);
  await world.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "failed", operation: "succeeded", error_code: "nonce_used" });
  expect(await eventsOf(id)).toEqual([]);
});

test("the states that all stand on are the chain's own", async () => {
  const { project_id } = await chainOf(world, bakery.storeId);
  const state = must((await readCashOutStates(world.chainId, [project_id])).get(project_id));
  const [row] = await sql<{ surplus: string; supply: string; tax: number }[]>`
    SELECT surplus_usd_micros::text AS surplus, supply::text AS supply, cash_out_tax_rate AS tax FROM revnet_states WHERE store_id = ${bakery.storeId}`;
  expect(state).toEqual({ surplusUsdMicros: BigInt(must(row).surplus), supplyUnits: BigInt(must(row).supply), cashOutTaxRate: 0 });
  expect(cashOutNetUsdMicros(state, state.supplyUnits)).toBe(state.surplusUsdMicros);
});
