import { sql as fragment } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import type { Address } from "@/lib/chain/addresses";
import { SPONSORSHIP_SECONDS } from "@/lib/chain/paymaster";
import { distributeReservedCalls } from "@/lib/chain/revnet";
import { chainTime } from "@/lib/chain/revnet-state";
import { transferTokensCall } from "@/lib/chain/wallet-calls";
import { fundOperator, sendAs, warpTo } from "@/lib/dev/chain/anvil-client";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { requestRefund as requestGuestRefund } from "@/lib/guests/request-refund";
import { newId } from "@/lib/ids";
import { quotePayout } from "@/lib/payouts/quote-payout";
import { requestPayout } from "@/lib/payouts/request-payout";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { confirm, dollarsOf, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { makeWallet, openPage, outsideOf, payByWallet } from "@/lib/test/guest-world";
import { chainOf, confirmQuoted, dollarsOnChain, quoteAt, storeCashesOut, tokensOf, type WorldStore } from "@/lib/test/mixed-world";
import { ask, makeRefunder, refundOf } from "@/lib/test/refund-world";
import { runJobs } from "@/lib/test/run-jobs";
import { readSale } from "./price-refund";
import { quoteRefund, refundOffer } from "./quote-refund";
import { refundsOf } from "./queries";

process.env.CHAIN_IDS = "84532";
const E18 = 10n ** 18n;
let world: ChainWorld;
let store: WorldStore;
let owner: Actor & { address: Address };
let payer: Payer;
let sale: string;
beforeAll(async () => {
  world = await startChainWorld();
  await refreshRate();
});
beforeEach(async () => {
  store = await makeOpenStore(world);
  owner = await makeRefunder(world, store, "owner");
  payer = await makePayer(world, 20_000_000n);
  sale = await sell(payer);
});
afterAll(() => world.stop());

/** A sale of US$ 10 at R$ 50,00. */
async function sell(person: Payer) {
  const id = await confirm(person, store, 10_000_000n);
  await world.settle();
  await sql`UPDATE transactions SET amount_brl_centavos = 5000 WHERE id = ${id}`;
  return id;
}
const sellToOthers = async () => sell(await makePayer(world, 20_000_000n));
const input = () => ({ storeId: store.storeId, transactionId: sale });
const quote = (amountText: string) => quoteRefund(owner, { ...input(), amountText });
const isInLine = async () => expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
const passTime = async (seconds: number) => warpTo(world.chain.client, (await chainTime(world.chainId)) + seconds);
const land = async () => {
  await world.sign();
  while (await world.bundle()) continue;
  await world.follow();
};
/** The tries of a simulation are 15 seconds of waiting; the last one is due at once. */
const lastTry = () => sql`UPDATE user_operations SET attempts = 5 WHERE kind = 'store_refund' AND status = 'queued'`;

test("a reward that was spent elsewhere is the store's choice: the loss is shown, accepted by name, and paid by other sales", async () => {
  await sellToOthers();
  const { token_address } = await chainOf(world, store.storeId);
  await fundOperator(world.chain.client, payer.address);
  await sendAs(world.chain.client, payer.address, transferTokensCall(token_address, await makeWallet(world, 0n), 400n * E18));
  await world.follow();
  expect(await quote("50,00")).toMatchObject({ returnedUsdMicros: "100000", goneUnits: (400n * E18).toString(), goneUsdMicros: "400000", goneBrlCentavos: "200" });
  await expect(ask(owner, store, sale, "50,00", { acceptedGoneUnits: 400n * E18 - 1n })).rejects.toMatchObject({ code: "refund_cost_moved" });
  const id = await ask(owner, store, sale, "50,00", { acceptedGoneUnits: 400n * E18 });
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded", due: (500n * E18).toString(), returned: (100n * E18).toString() });
  expect((await dollarsOf(payer.userId)).settled).toBe(20_000_000n);
  await isInLine();
});

test.each([
  ["of the person's own key", () => sql`UPDATE smart_accounts SET custody_status = 'self_custody' WHERE user_id = ${payer.userId}`],
  ["that is frozen", () => sql`UPDATE users SET frozen_at = now() WHERE id = ${payer.userId}`],
])("an account %s keeps its reward, and gets the money", async (_name, change) => {
  await change();
  // A lone sale can't bear the loss itself.
  await expect(quote("50,00")).rejects.toMatchObject({ code: "refund_not_funded" });
  expect(await refundOffer(owner, input())).toEqual({ leftBrlCentavos: 5_000n, fundableBrlCentavos: 4_750n, refusal: null });
  const id = await ask(owner, store, sale, "47,50");
  expect(await refundOf(id)).toMatchObject({ status: "paying", return_operation: null, returned: "0" });
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded" });
  expect(await tokensOf(world, (await chainOf(world, store.storeId)).token_address, payer.address)).toBe(500n * E18);
  await sql`UPDATE smart_accounts SET custody_status = 'managed' WHERE user_id = ${payer.userId}`;
  await isInLine();
});

test("an account that is frozen after the refund was asked for does not hold the refund up", async () => {
  await sellToOthers();
  const id = await ask(owner, store, sale, "50,00");
  await sql`UPDATE users SET frozen_at = now() WHERE id = ${payer.userId}`;
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded", return_operation: "expired", returned: "0" });
  expect(await dollarsOnChain(world, payer.address)).toBe(20_000_000n);
  expect(await sql`SELECT count(*)::int AS n FROM balance_reservations r JOIN user_operations o ON o.id = r.operation_id WHERE o.subject_id = ${id} AND r.released_at IS NULL`).toEqual([{ n: 0 }]);
  await isInLine();
});

test("rewards that are on their way back can't be spent meanwhile", async () => {
  await ask(owner, store, sale, "50,00");
  const [row] = await sql<{ available: string }[]>`
    SELECT (b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0))::text AS available
    FROM token_balances b WHERE b.user_id = ${payer.userId} AND b.store_id = ${store.storeId}`;
  expect(row).toEqual({ available: "0" });
});

test("a return that runs out lets the store pay; what it can't pay fails, is free again, and can be asked for again", async () => {
  const id = await ask(owner, store, sale, "50,00");
  await world.sign();
  await passTime(SPONSORSHIP_SECONDS + 20);
  await world.follow();
  expect(await refundOf(id)).toMatchObject({ status: "paying", return_operation: "expired", returned: "0", operation: "queued" });
  await lastTry();
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "failed", failure: "refund_not_funded", payment: "failed" });
  expect(must((await sql<{ units: string }[]>`SELECT units::text FROM store_available(${store.storeId}, '84532')`)[0]).units).toBe((9_500n * E18).toString());
  const again = await ask(owner, store, sale, "50,00");
  await world.settle();
  expect(await refundOf(again)).toMatchObject({ status: "refunded" });
  expect(await refundsOf(store.storeId)).toMatchObject({ count: 1 });
  await isInLine();
});

test("a return that nobody could sign for ten minutes is given up", async () => {
  await sellToOthers();
  const id = await ask(owner, store, sale, "25,00");
  await sql`UPDATE user_operations SET queued_at = now() - interval '11 minutes' WHERE subject_id = ${id} AND kind = 'reward_return'`;
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded", return_operation: "expired", returned: "0" });
});

test("what a payout has promised is nobody else's: of two refunds that race for the rest one is refused", async () => {
  const other = await sellToOthers();
  const { token_address } = await chainOf(world, store.storeId);
  const payout = newId();
  await sql`
    INSERT INTO transactions (id, store_id, type, purpose, status, amount_usd, chain_id, tokens_used)
    VALUES (${payout}, ${store.storeId}, 'payout', 'payout', 'pending', 9.5, '84532', ${sql.json([{ token_address, amount: (9_500n * E18).toString(), amount_usd: "9.500000", store_id: store.storeId }])})`;
  expect(await refundOffer(owner, input())).toMatchObject({ fundableBrlCentavos: 5_000n });
  const second = await makeRefunder(world, store, "owner");
  const results = await Promise.allSettled([ask(owner, store, sale, "50,00"), ask(second, store, other, "50,00")]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "refund_not_funded" });
  await sql`UPDATE transactions SET tokens_used = ${sql.json([{ token_address, amount: (9_500n * E18).toString(), amount_usd: "9.500000", store_id: store.storeId }])} WHERE id = ${payout}`;
  await world.settle();
  expect(await refundsOf(store.storeId)).toMatchObject({ count: 1 });
  // What the payout was promised is still there.
  expect(must((await sql<{ units: string }[]>`SELECT units::text FROM store_available(${store.storeId}, '84532')`)[0]).units).toBe("0");
});

test("a payout of everything and a refund that race: one of them is told, and nothing is paid twice", async () => {
  const { signed } = await quotePayout(owner, { storeId: store.storeId, to: { kind: "balance", userId: owner.userId }, way: "cash_out", amount: null, chainId: null });
  const second = await makeRefunder(world, store, "owner");
  const [payout, refund] = await Promise.allSettled([requestPayout(owner, { storeId: store.storeId, key: newId(), quote: signed }), ask(second, store, sale, "25,00")]);
  expect([payout.status, refund.status].toSorted()).toEqual(["fulfilled", "rejected"]);
  if (payout.status === "rejected") expect(payout.reason).toMatchObject({ code: expect.stringMatching(/^payout_(balance|moved)$/) as string });
  if (refund.status === "rejected") expect(refund.reason).toMatchObject({ code: "refund_not_funded" });
  await world.settle();
  const [out, back] = [await dollarsOnChain(world, owner.address), (await dollarsOf(payer.userId)).settled - 10_000_000n];
  expect([out, back].toSorted()).toEqual(payout.status === "fulfilled" ? [0n, 9_500_000n] : [0n, 5_000_000n]);
  await isInLine();
});

test("what the chain refuses three times has failed, with the money free again", async () => {
  const id = await ask(owner, store, sale, "25,00");
  await land();
  const { client } = world.chain;
  const { token_address, account, project_id } = await chainOf(world, store.storeId);
  const elsewhere = await makeWallet(world);
  await fundOperator(client, account);
  await sendAs(client, elsewhere, { ...must(distributeReservedCalls(project_id)[0]), gas: 600_000n });
  await world.follow();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await world.sign();
    // Gone for one block, as if somebody could: signed, and refused by the chain.
    const units = await tokensOf(world, token_address, account);
    await sendAs(client, account, transferTokensCall(token_address, elsewhere, units));
    while (await world.bundle()) continue;
    await sendAs(client, elsewhere, transferTokensCall(token_address, account, units));
    await world.follow();
  }
  expect(await refundOf(id)).toMatchObject({ status: "failed", payment: "failed", operation: "reverted" });
  expect(await sql`SELECT status FROM user_operations WHERE subject_id = ${id} AND kind = 'store_refund'`).toEqual([{ status: "reverted" }, { status: "reverted" }, { status: "reverted" }]);
  await ask(owner, store, sale, "25,00");
  await world.settle();
  expect((await dollarsOf(payer.userId)).settled).toBe(15_000_000n);
  await isInLine();
});

test("a sale paid partly with the store's own rewards comes back in dollars: the store has those rewards", async () => {
  const mixed = await confirmQuoted(payer, await quoteAt(world, payer, store, "11,00"));
  await world.settle();
  const [row] = await sql<{ parts: { store_id: string | null }[]; usd: string; earned: string }[]>`SELECT tokens_used AS parts, amount_usd::text AS usd, rewards_earned->>'amount' AS earned FROM transactions WHERE id = ${mixed}`;
  expect(must(row).parts.map(({ store_id }) => store_id)).toEqual([store.storeId, null]);
  const before = (await dollarsOf(payer.userId)).settled;
  const id = await ask(owner, store, mixed, "11,00");
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded", usd: must(row).usd, due: must(row).earned });
  expect(BigInt(Math.round(Number(must(row).usd) * 1_000_000))).toBe((await dollarsOf(payer.userId)).settled - before);
  await isInLine();
});

test("a closed store still refunds, and the tip goes back with the sale", async () => {
  await sql`UPDATE stores SET closed_at = now() WHERE id = ${store.storeId}`;
  await sql`UPDATE transactions SET tip_usd = 1, tip_brl_centavos = 500 WHERE id = ${sale}`;
  const id = await ask(owner, store, sale, "50,00");
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded", usd: "10.000000" });
});

test("dollars in the store's account go first; tokens that left past us fail the refund until then", async () => {
  await sellToOthers();
  const id = await ask(owner, store, sale, "25,00");
  await land();
  await storeCashesOut(world, store);
  await world.follow();
  await lastTry();
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "failed", failure: "refund_not_funded" });
  const again = await ask(owner, store, sale, "25,00");
  const [part] = must((await sql<{ tokens_used: { store_id: string | null; amount: string }[] }[]>`SELECT tokens_used FROM transactions WHERE id = ${again}`)[0]).tokens_used;
  expect(part).toMatchObject({ store_id: null, amount: "5000000" });
  await world.settle();
  expect(await refundOf(again)).toMatchObject({ status: "refunded" });
  // The failed one had brought its share of the reward back: it is not asked for twice.
  expect(await tokensOf(world, (await chainOf(world, store.storeId)).token_address, payer.address)).toBe(250n * E18);
  await isInLine();
});

test("stops between any two steps change nothing: everything again, by a bundler that remembers nothing", async () => {
  const id = await ask(owner, store, sale, "50,00");
  for (let round = 0; round < 6; round += 1) {
    for (const step of [world.sign, world.bundle, world.tend, world.follow]) {
      await step();
      world.restartBundler();
      await runJobs();
      await step();
    }
  }
  await world.settle();
  await runJobs();
  expect(await refundOf(id)).toMatchObject({ status: "refunded", operation: "succeeded", return_operation: "succeeded" });
  expect(await sql`SELECT kind, count(*)::int AS n FROM user_operations WHERE subject_id = ${id} GROUP BY 1 ORDER BY 1`).toEqual([{ kind: "reward_return", n: 1 }, { kind: "store_refund", n: 1 }]);
  expect(await sql`SELECT count(*)::int AS n FROM notices WHERE user_id = ${payer.userId} AND kind = 'refund_paid'`).toEqual([{ n: 1 }]);
  expect((await dollarsOf(payer.userId)).settled).toBe(20_000_000n);
  await isInLine();
});

test("a reorg takes both steps back, and each lands once", async () => {
  const { client } = world.chain;
  const id = await ask(owner, store, sale, "50,00");
  const snapshot = await client.snapshot();
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded" });
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(await refundOf(id)).toMatchObject({ status: "paying", payment: "pending", done: false, return_operation: "submitted" });
  expect(await refundsOf(store.storeId)).toMatchObject({ count: 0 });
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded", payment: "confirmed", returned: (500n * E18).toString() });
  expect((await dollarsOf(payer.userId)).settled).toBe(20_000_000n);
  await isInLine();
});

test("a reorg before the store has signed holds its payment until the rewards are back again", async () => {
  const { client } = world.chain;
  const id = await ask(owner, store, sale, "50,00");
  const snapshot = await client.snapshot();
  await land();
  expect(await refundOf(id)).toMatchObject({ status: "paying", operation: "queued" });
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(await refundOf(id)).toMatchObject({ status: "requested", operation: "held", return_operation: "submitted" });
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded" });
  await isInLine();
});

test("a wallet's paid page is refunded to that wallet, which keeps its rewards; money past our pages has its own way", async () => {
  await sellToOthers();
  const wallet = await makeWallet(world);
  const { reference } = await openPage(store, 1_000n);
  await payByWallet(world, wallet, { store, amountUsdMicros: 10_000_000n, reference });
  await payByWallet(world, wallet, { store, amountUsdMicros: 3_000_000n });
  await world.follow();
  const [paid, outside] = await outsideOf(store.storeId);
  const before = await dollarsOnChain(world, wallet);
  const brl = must(must(paid).brl);
  const reais = `${brl.slice(0, -2)},${brl.slice(-2)}`;
  await expect(ask(owner, store, must(paid).transaction_id, reais, { acceptedGoneUnits: 0n })).rejects.toMatchObject({ code: "refund_cost_moved" });
  const id = await ask(owner, store, must(paid).transaction_id, reais);
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded", usd: "10.000000", payee: wallet, payer: null, returned: "0" });
  expect(await dollarsOnChain(world, wallet)).toBe(before + 10_000_000n);
  await expect(ask(owner, store, must(outside).transaction_id, "1,00")).rejects.toMatchObject({ code: "refund_not_possible" });
  await requestGuestRefund(owner, { storeId: store.storeId, transactionId: must(outside).transaction_id });
  await isInLine();
});

test("the two ways that money goes back never promise the same tokens", async () => {
  const wallet = await makeWallet(world);
  await payByWallet(world, wallet, { store, amountUsdMicros: 3_000_000n });
  await world.follow();
  const outside = must((await outsideOf(store.storeId))[0]);
  await sql`UPDATE users SET frozen_at = now() WHERE id = ${payer.userId}`;
  // The lone sale has its own 95 % and the outside payment's: together enough for it, and then nothing is left for the other.
  await ask(owner, store, sale, "50,00");
  await expect(requestGuestRefund(owner, { storeId: store.storeId, transactionId: outside.transaction_id })).rejects.toMatchObject({ code: "refund_not_funded" });
});

test("somebody else may distribute the store's share at any time; a chain that refuses is asked again, and a row that was changed pays nobody", async () => {
  const id = await ask(owner, store, sale, "25,00");
  await land();
  const { project_id } = await chainOf(world, store.storeId);
  await world.sign();
  await sendAs(world.chain.client, await makeWallet(world), { ...must(distributeReservedCalls(project_id)[0]), gas: 600_000n });
  while (await world.bundle()) continue;
  await world.follow();
  expect(await refundOf(id)).toMatchObject({ status: "paying", payment: "pending", operation: "queued" });
  await sql`UPDATE refunds SET payee_address = ${`0x${"9".repeat(40)}`} WHERE id = ${id}`;
  await lastTry();
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "failed", failure: "refund_not_possible" });
  expect((await dollarsOf(payer.userId)).settled).toBe(10_000_000n);
});

test("the web process may read what it shows and call the one function, and write nothing", async () => {
  await db.transaction(async (tx) => {
    await tx.execute(fragment`SET LOCAL ROLE cocopay_web`);
    await tx.execute(fragment`SELECT store_lock(${store.storeId}::uuid)`);
    expect(await readSale(tx, { ...input(), memberId: owner.userId })).toMatchObject({ paidUsdMicros: 10_000_000n });
    const call = fragment`SELECT result FROM refund_reserve(${newId()}::uuid, ${payer.userId}::uuid, ${newId()}::uuid, ${store.storeId}::uuid, ${sale}::uuid, 1, ${newId()}::uuid, 2, 1, 500, 5000, 'x', 1, 0, '0x', 0, 0, 'k', 'f', NULL, NULL)`;
    expect(await tx.execute(call)).toMatchObject([{ result: "forbidden" }]);
  });
  const write = db.transaction(async (tx) => {
    await tx.execute(fragment`SET LOCAL ROLE cocopay_web`);
    await tx.execute(fragment`UPDATE refunds SET amount_usd = 1`);
  });
  await expect(write).rejects.toThrow();
});
