import { encodeAbiParameters, encodeEventTopics, type Address, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import { controllerAbi, multiTerminalAbi } from "@/lib/chain/abis";
import { JUICEBOX } from "@/lib/chain/addresses";
import { guestMemo, payCalls, paymentMemo } from "@/lib/chain/pay";
import { fundOperator, sendAs, warpTo } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { getGuestPayment } from "@/lib/guests/queries";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { listSales } from "@/lib/sales/queries";
import { confirm, eventsOf, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { makeWallet, openPage, outsideOf, pageStatus, payByWallet, walletCalls } from "@/lib/test/guest-world";
import { joinWallet } from "./join-wallet";
import { rebuildBalances } from "./rebuild-balances";

let world: ChainWorld;
let other: ChainWorld;
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  world = await startChainWorld("84532");
  other = await startChainWorld("11155420", world.chain);
  await refreshRate();
});
beforeEach(async () => {
  store = await makeOpenStore([world, other]);
});
afterAll(async () => {
  await world.stop();
  await other.stop();
});

const SEVEN = 7_000_000n;

test("the page's own payment is paid, with a code, reais of the page, rewards to the unit and a sound for the till", async () => {
  const wallet = await makeWallet(world);
  const { reference, secret } = await openPage(store, 3_850n, { currency: "BRL" });
  const page = await getGuestPayment(reference, secret);
  const hash = await payByWallet(world, wallet, { store, amountUsdMicros: page.amountUsdMicros, reference });
  await world.follow();
  const [row, ...more] = await outsideOf(store.storeId);
  expect(more).toEqual([]);
  expect(row).toMatchObject({ outcome: "paid", payer: wallet, status: "confirmed", origin: "guest", from_user_id: null, brl: "3850", tx_hash: hash, code: expect.stringMatching(/^[A-HJ-NP-Z2-9]{6}$/) });
  // What the payer got and what waits for the store are all that was issued: 1,000 a dollar.
  expect(BigInt(must(row).reward) + BigInt(must(row).store_units)).toBe(page.amountUsdMicros * 10n ** 15n);
  expect(await eventsOf(must(row).transaction_id)).toEqual(["paid"]);
  const after = await getGuestPayment(reference, secret);
  expect(after).toMatchObject({ status: "paid", own: { code: must(row).code, reward: { units: BigInt(must(row).reward) } } });
  // Whoever has the address alone sees no code and no whole address.
  const seen = await getGuestPayment(reference, null);
  expect(seen).toMatchObject({ status: "paid", own: null, paid: { payer: `${wallet.slice(0, 6)}…${wallet.slice(-4)}` } });
  expect(JSON.stringify(seen, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value))).not.toContain(must(row).code);
  expect(await getGuestPayment(reference, "0".repeat(32))).toMatchObject({ own: null });
});

test("two wallets that pay the same amount at once never swap", async () => {
  const [one, two] = [await makeWallet(world), await makeWallet(world)];
  const [first, second] = [await openPage(store, 700n), await openPage(store, 700n)];
  await world.chain.client.setAutomine(false);
  try {
    for (const [wallet, page] of [[two, second], [one, first]] as const) {
      const calls = await walletCalls(world, { store, amountUsdMicros: SEVEN, memo: guestMemo(page.reference), beneficiary: wallet });
      await world.chain.client.impersonateAccount({ address: wallet });
      for (const call of calls) await world.chain.client.sendTransaction({ account: wallet, ...call, gas: 700_000n });
    }
    await world.chain.client.mine({ blocks: 1 });
  } finally {
    await world.chain.client.setAutomine(true);
  }
  await world.follow();
  const rows = await outsideOf(store.storeId);
  expect(rows.map(({ outcome }) => outcome)).toEqual(["paid", "paid"]);
  for (const [page, wallet] of [[first, one], [second, two]] as const) {
    const view = await getGuestPayment(page.reference, page.secret);
    expect(view).toMatchObject({ status: "paid", own: { code: must(rows.find(({ payer }) => payer === wallet)).code }, paid: { payer: `${wallet.slice(0, 6)}…${wallet.slice(-4)}` } });
  }
  expect(new Set(rows.map(({ code }) => code)).size).toBe(2);
});

test("the same page paid again, also on the other chain, is named and does not sound", async () => {
  const wallet = await makeWallet([world, other]);
  const { reference } = await openPage(store, 700n);
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN, reference });
  await world.follow();
  await payByWallet(other, wallet, { store, amountUsdMicros: SEVEN, reference });
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN, reference });
  await Promise.all([world.follow(), other.follow()]);
  const rows = await outsideOf(store.storeId);
  expect(rows.map(({ outcome }) => outcome)).toEqual(["paid", "paid_twice", "paid_twice"]);
  expect(rows.map(({ code }) => code === null)).toEqual([false, true, true]);
  expect(await eventsOf(must(rows[1]).transaction_id)).toEqual(["outside"]);
  expect((await getGuestPayment(reference, null)).extras).toHaveLength(2);
});

test("one micro-dollar less is underpaid, a later full payment still pays the page; more is paid too", async () => {
  const wallet = await makeWallet(world);
  const { reference } = await openPage(store, 700n);
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN - 1n, reference });
  await world.follow();
  expect(await pageStatus(reference)).toBe("open");
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN + 1n, reference });
  await world.follow();
  expect((await outsideOf(store.storeId)).map(({ outcome, origin }) => [outcome, origin])).toEqual([["underpaid", "guest"], ["paid", "guest"]]);
});

test("after the price ended it is late; within the grace of a block it is not", async () => {
  const wallet = await makeWallet(world);
  const [inTime, late] = [await openPage(store, 700n), await openPage(store, 700n)];
  const { timestamp } = await world.chain.client.getBlock();
  await sql`UPDATE guest_payments SET expires_at = ${new Date((Number(timestamp) - 60) * 1000)} WHERE reference = ${inTime.reference}`;
  await sql`UPDATE guest_payments SET expires_at = ${new Date((Number(timestamp) - 121) * 1000)}, status = 'expired' WHERE reference = ${late.reference}`;
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN, reference: late.reference });
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN, reference: inTime.reference });
  await world.follow();
  expect((await outsideOf(store.storeId)).map(({ outcome }) => outcome)).toEqual(["late", "paid"]);
});

test("without a memo, with another's memo, another store's page or a payment's memo of ours it comes from outside", async () => {
  const wallet = await makeWallet(world);
  const elsewhere = await makeOpenStore([world, other]);
  const { reference } = await openPage(elsewhere, 700n);
  const payer = await makePayer(world, SEVEN);
  const ours = await confirm(payer, store, SEVEN);
  for (const memo of ["", "obrigado", `coco:${"a".repeat(32)}`, guestMemo(reference), paymentMemo(ours), `${guestMemo(reference)} `]) await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN, memo });
  await world.settle();
  const rows = await outsideOf(store.storeId);
  expect(rows.map(({ outcome, origin, code, guest_payment_id }) => [outcome, origin, code, guest_payment_id])).toEqual(Array.from({ length: 6 }, () => ["outside", "outside", null, null]));
  // Reais at the present rate, so that the day's sum in reais counts it.
  expect(Number(must(rows[0]).brl)).toBeGreaterThan(0);
  expect(await pageStatus(reference)).toBe("open");
  expect(await paymentOf(ours)).toMatchObject({ status: "confirmed" });
  expect((await eventsOf(ours))).toEqual(["paid"]);
});

test("somebody who copies the memo pays the page, and the other one is told; each may be refunded to its own payer", async () => {
  const [guest, copier] = [await makeWallet(world), await makeWallet(world)];
  const { reference } = await openPage(store, 700n);
  await payByWallet(world, copier, { store, amountUsdMicros: 10_000n, reference });
  await payByWallet(world, guest, { store, amountUsdMicros: SEVEN, reference });
  await payByWallet(world, copier, { store, amountUsdMicros: SEVEN, reference });
  await world.follow();
  expect((await outsideOf(store.storeId)).map(({ outcome, payer }) => [outcome, payer])).toEqual([["underpaid", copier], ["paid", guest], ["paid_twice", copier]]);
});

test("the same event from another contract, and one of another project, are nothing", async () => {
  const wallet = await makeWallet(world);
  const { reference } = await openPage(store, 700n);
  const [row] = await sql<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${store.storeId} AND chain_id = '84532'`;
  const projectId = BigInt(must(row).project_id);
  // Emits any four topics and data that it is called with.
  const forger = "0x00000000000000000000000000000000000f0e0d";
  await world.chain.client.setCode({ address: forger, bytecode: "0x60803603806080600037606035604035602035600035846000a400" });
  const topics = encodeEventTopics({ abi: multiTerminalAbi, eventName: "Pay", args: { projectId, rulesetId: 1n, rulesetCycleNumber: 1n } }) as Hex[];
  const data = encodeAbiParameters(
    [{ type: "address" }, { type: "address" }, { type: "uint256" }, { type: "uint256" }, { type: "string" }, { type: "bytes" }, { type: "address" }],
    [wallet, wallet, SEVEN, 1n, guestMemo(reference), "0x", wallet],
  );
  const receipt = await sendAs(world.chain.client, wallet, { to: forger, data: `0x${[...topics, data].map((part) => part.slice(2)).join("")}` });
  expect(receipt.logs[0]).toMatchObject({ address: forger, topics });
  // Project 1 is the protocol's own revnet: it takes dollars, too.
  for (const call of payCalls({ chainId: "84532", projectId: 1, amountUsdMicros: SEVEN, beneficiary: wallet, memo: guestMemo(reference), minReturnedUnits: 0n })) await sendAs(world.chain.client, wallet, call);
  await world.follow();
  expect(await outsideOf(store.storeId)).toEqual([]);
  expect(await pageStatus(reference)).toBe("open");
});

test("dust fills no list", async () => {
  const wallet = await makeWallet(world);
  await payByWallet(world, wallet, { store, amountUsdMicros: 9_999n });
  await payByWallet(world, wallet, { store, amountUsdMicros: 0n });
  await world.follow();
  expect(await outsideOf(store.storeId)).toEqual([]);
});

/** A wallet with a key, so that after a reorg the very same signed transaction is mined again. */
async function makeSigner() {
  const account = privateKeyToAccount(generatePrivateKey());
  const { client } = world.chain;
  await fundOperator(client, account.address);
  await usdcFaucet({ client, chainId: world.chainId, to: account.address, amountUsdMicros: SEVEN });
  const wallet = account.address.toLowerCase() as Address;
  return {
    wallet,
    /** Lets the terminal take the amount, and signs the payment without sending it. */
    async sign(reference: string): Promise<Hex> {
      const [approve, pay] = await walletCalls(world, { store, amountUsdMicros: SEVEN, memo: guestMemo(reference), beneficiary: wallet });
      const send = { gas: 700_000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n, chainId: Number(world.chainId), type: "eip1559" } as const;
      await client.sendRawTransaction({ serializedTransaction: await account.signTransaction({ ...send, ...must(approve), nonce: 0 }) });
      return account.signTransaction({ ...send, ...must(pay), nonce: 1 });
    },
  };
}
const mineInOrder = async (...raws: Hex[]) => {
  for (const serializedTransaction of raws) await world.chain.client.sendRawTransaction({ serializedTransaction });
};

test("a reorg takes it back to checking, and it comes back with the same id and code, once, without a second sound", async () => {
  const signer = await makeSigner();
  const stranger = await makeWallet(world);
  const { reference, secret } = await openPage(store, 700n);
  const client = world.chain.client;
  const raw = await signer.sign(reference);
  const snapshot = await client.snapshot();
  await mineInOrder(raw);
  await world.follow();
  const [before] = await outsideOf(store.storeId);
  expect(before).toMatchObject({ outcome: "paid", status: "confirmed" });

  await client.revert({ id: snapshot });
  await payByWallet(world, stranger, { store, amountUsdMicros: SEVEN });
  await world.follow();
  const [undone, between] = await outsideOf(store.storeId);
  expect(undone).toMatchObject({ id: must(before).id, status: "pending", block_number: null });
  expect(between).toMatchObject({ outcome: "outside", payer: stranger });
  expect(await getGuestPayment(reference, secret)).toMatchObject({ status: "checking", paid: null, own: { code: null } });
  const [audit] = await sql<{ n: number }[]>`SELECT count(*)::int AS n FROM audit_logs WHERE resource_id = ${must(before).transaction_id} AND action = 'payment.reorganised'`;
  expect(audit).toEqual({ n: 1 });

  await mineInOrder(raw);
  await world.follow();
  const [after, ...more] = await outsideOf(store.storeId);
  expect(more).toHaveLength(1);
  expect(after).toMatchObject({ id: must(before).id, transaction_id: must(before).transaction_id, code: must(before).code, status: "confirmed", outcome: "paid" });
  expect(after?.block_number).not.toBe(before?.block_number);
  expect(await eventsOf(must(before).transaction_id)).toEqual(["paid", "checking_again", "confirmed_again"]);
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});

test("a reorg that swaps two payments of one page swaps their names, not their rows", async () => {
  const [one, two] = [await makeSigner(), await makeSigner()];
  const { reference, secret } = await openPage(store, 700n);
  const client = world.chain.client;
  const [first, second] = [await one.sign(reference), await two.sign(reference)];
  const snapshot = await client.snapshot();
  await mineInOrder(first, second);
  await world.follow();
  const before = await outsideOf(store.storeId);
  expect(before.map(({ payer, outcome }) => [payer, outcome])).toEqual([[one.wallet, "paid"], [two.wallet, "paid_twice"]]);
  await client.revert({ id: snapshot });
  await mineInOrder(second, first);
  await client.mine({ blocks: 1 });
  await world.follow();
  const after = await outsideOf(store.storeId);
  expect(after.map(({ payer, outcome }) => [payer, outcome])).toEqual([[one.wallet, "paid_twice"], [two.wallet, "paid"]]);
  expect(after.map(({ transaction_id }) => transaction_id)).toEqual(before.map(({ transaction_id }) => transaction_id));
  expect(await getGuestPayment(reference, secret)).toMatchObject({ status: "paid", own: { code: must(after[1]).code } });
});

test("who linked the wallet, and whose account pays past us, is the payer; earlier payments join when a wallet is linked", async () => {
  const payer = await makePayer(world, SEVEN);
  const wallet = await makeWallet(world);
  await payByWallet(world, wallet, { store, amountUsdMicros: 1_000_000n });
  await world.follow();
  expect((await outsideOf(store.storeId))[0]).toMatchObject({ from_user_id: null });

  const walletId = crypto.randomUUID();
  await sql`INSERT INTO wallets (id, user_id, address, chain_id, is_contract) VALUES (${walletId}, ${payer.userId}, ${wallet}, '84532', FALSE)`;
  expect(await joinWallet(walletId)).toBe(1);
  expect(await joinWallet(walletId)).toBe(0);
  await payByWallet(world, wallet, { store, amountUsdMicros: 2_000_000n, beneficiary: payer.address });
  await fundOperator(world.chain.client, payer.address);
  await payByWallet(world, payer.address, { store, amountUsdMicros: 3_000_000n });
  await world.follow();
  expect((await outsideOf(store.storeId)).map(({ from_user_id, amount }) => [from_user_id, amount])).toEqual([[payer.userId, "1.000000"], [payer.userId, "2.000000"], [payer.userId, "3.000000"]]);
  const [rewards] = await sql<{ balance: string }[]>`SELECT balance::text FROM token_balances WHERE user_id = ${payer.userId} AND store_id = ${store.storeId} AND chain_id = '84532'`;
  expect(rewards).toEqual({ balance: (5_000_000n * 50n * 10n ** 12n).toString() });
});

test("a page opened signed in belongs to that person when the rewards went to the own account", async () => {
  const payer = await makePayer(world, 0n);
  const wallet = await makeWallet(world);
  const [mine, notMine] = [await openPage(store, 700n, { person: payer }), await openPage(store, 700n, { person: payer })];
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN, reference: mine.reference, beneficiary: payer.address });
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN, reference: notMine.reference });
  await world.follow();
  expect((await outsideOf(store.storeId)).map(({ from_user_id }) => from_user_id)).toEqual([payer.userId, null]);
});

test("the store's list says what each is", async () => {
  const wallet = await makeWallet(world);
  const owner = await makePayer(world, 0n);
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${owner.userId}, 'owner', now())`;
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN });
  await world.follow();
  const { items } = await listSales({ ...owner, name: null, phone: "", locale: "pt-BR" }, store.storeId);
  expect(items).toMatchObject([{ code: null, payerName: null, state: "paid", outside: { outcome: "outside", refund: null, payer: `${wallet.slice(0, 6)}…${wallet.slice(-4)}` } }]);
});

test("ninety days later the issuance has fallen and the store's share is still counted to the unit", async () => {
  const wallet = await makeWallet(world);
  const { timestamp } = await world.chain.client.getBlock();
  await warpTo(world.chain.client, Number(timestamp) + 91 * 86_400);
  const before = await totalSupply();
  await payByWallet(world, wallet, { store, amountUsdMicros: SEVEN });
  await world.follow();
  const [row] = await outsideOf(store.storeId);
  expect(BigInt(must(row).reward) + BigInt(must(row).store_units)).toBe((await totalSupply()) - before);
  expect(BigInt(must(row).store_units)).toBeLessThan(SEVEN * 950n * 10n ** 12n);
});

async function totalSupply(): Promise<bigint> {
  const [row] = await sql<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${store.storeId} AND chain_id = '84532'`;
  return world.chain.client.readContract({ address: JUICEBOX.controller, abi: controllerAbi, functionName: "totalTokenSupplyWithReservedTokensOf", args: [BigInt(must(row).project_id)] });
}
