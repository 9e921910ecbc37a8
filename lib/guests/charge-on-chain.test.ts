import { randomUUID } from "node:crypto";
import { encodeAbiParameters, encodeEventTopics, encodeFunctionData, type Address, type Hex } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi, multiTerminalAbi } from "@/lib/chain/abis";
import { JUICEBOX } from "@/lib/chain/addresses";
import { guestMemo } from "@/lib/chain/pay";
import { cancelCharge } from "@/lib/charges/cancel-charge";
import { findCharge } from "@/lib/charges/payable-charge";
import type { TipChoice } from "@/lib/charges/rules";
import { sendAs } from "@/lib/dev/chain/anvil-client";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { getSale } from "@/lib/sales/get-sale";
import { eventsOf, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { chargeRowOf, makeChargeOf, payCharge } from "@/lib/test/charge-world";
import { makeWallet, outsideOf, payByWallet, stranger } from "@/lib/test/guest-world";
import { openChargePayment } from "./open-charge-payment";
import { getGuestPayment } from "./queries";
import { receiptOf } from "./receipt";
import { releaseCharge } from "./release-charge";
import { quoteRefund } from "./request-refund";

let world: ChainWorld;
let other: ChainWorld;
let store: { storeId: string; shortCode: string };
let owner: Actor;
let wallet: Address;
beforeAll(async () => {
  world = await startChainWorld("84532");
  other = await startChainWorld("11155420", world.chain);
  await refreshRate();
});
beforeEach(async () => {
  store = await makeOpenStore([world, other]);
  const { userId, sessionId } = await makePayer(world, 0n);
  owner = { userId, sessionId, name: "Bia", phone: "", locale: "pt-BR", ip: null, userAgent: null };
  await sql`UPDATE users SET name = 'Bia Souza' WHERE id = ${userId}`;
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${userId}, 'owner', now())`;
  await sql`DELETE FROM rate_limits`;
  wallet = await makeWallet([world, other]);
});
afterAll(async () => {
  await world.stop();
  await other.stop();
});

const charge = (wanted = {}) => makeChargeOf({ storeId: store.storeId, actor: owner }, wanted);
/** By the chain's clock: stores of tests start a little in the future. */
const clock = async () => must((await sql<{ now: Date }[]>`SELECT GREATEST(starts_at + interval '1 second', now()) AS now FROM stores WHERE id = ${store.storeId}`)[0]).now;
async function open(chargeId: string, tip: TipChoice = "0", person: { userId: string; sessionId: string } | null = null) {
  const { reference, secret } = await openChargePayment({ ...stranger, deviceId: randomUUID() }, person, { chargeId, tip, tipText: "", ownReference: null }, await clock());
  return { reference, secret: must(secret), amountUsdMicros: (await getGuestPayment(reference, secret)).amountUsdMicros };
}
const stateOf = async (chargeId: string) => (await findCharge(chargeId)).state;
/** The chain's clock runs ahead of the database's here: a price that still holds by the chain's. */
async function holdByChain(reference: string) {
  const { timestamp } = await world.chain.client.getBlock();
  await sql`UPDATE guest_payments SET expires_at = ${new Date((Number(timestamp) + 60) * 1000)} WHERE reference = ${reference}`;
}
const end = (reference: string, seconds: number) => sql`UPDATE guest_payments SET expires_at = now() - make_interval(secs => ${seconds}) WHERE reference = ${reference}`;

test("a wallet's own payment pays the charge: green, tip, items, seller, till and receipt", async () => {
  const [tillId, itemId] = [randomUUID(), randomUUID()];
  await sql`INSERT INTO tills (id, store_id, name, created_by) VALUES (${tillId}, ${store.storeId}, 'Caixa 1', ${owner.userId})`;
  await sql`INSERT INTO store_items (id, store_id, name, price_brl_centavos) VALUES (${itemId}, ${store.storeId}, 'Café coado', 700)`;
  const chargeId = await charge({ isTipAllowed: true, amountText: "1400", typedText: "0", items: [{ itemId, quantity: 2 }], tillId, note: "Mesa 4" });
  const { reference, secret, amountUsdMicros } = await open(chargeId, "10");
  await payByWallet(other, wallet, { store, amountUsdMicros, reference });
  expect(await stateOf(chargeId)).toBe("paying");
  await other.follow();
  expect(await stateOf(chargeId)).toBe("paid");
  const [row] = await outsideOf(store.storeId);
  const { transaction_id: transactionId, code } = must(row);
  expect(row).toMatchObject({ outcome: "paid", status: "confirmed", origin: "guest", brl: "1540" });
  expect(await eventsOf(transactionId)).toEqual(["paid"]);
  expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: transactionId, payments: 1 });
  expect(await getSale(owner, store.storeId, transactionId)).toMatchObject({
    payment: { chargeId, code, state: "paid" }, origin: "guest", tip: { amountBrlCentavos: 140n },
    charge: { lines: [{ itemId, name: "Café coado", quantity: 2 }], note: "Mesa 4", seller: "Bia Souza", till: "Caixa 1" },
  });
  const view = await getGuestPayment(reference, secret);
  expect(view).toMatchObject({ status: "paid", own: { code } });
  expect(receiptOf(view)).toMatchObject({ amountBrlCentavos: 1_540n, confirmationCode: code, charge: { id: chargeId, tipBrlCentavos: 140n } });
  const [sums] = await sql`SELECT t.amount_usd = c.amount_usd + t.tip_usd AS adds_up FROM transactions t JOIN charges c ON c.id = t.charge_id WHERE t.id = ${transactionId}`;
  expect(sums).toEqual({ adds_up: true });
});

test("a fake terminal, a copied memo with less money, another store and a fake token never pay it", async () => {
  const thief = await makeWallet(world);
  const chargeId = await charge();
  const { reference, amountUsdMicros } = await open(chargeId);
  const { client } = world.chain;
  const [row] = await sql<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${store.storeId} AND chain_id = '84532'`;
  const projectId = BigInt(must(row).project_id);
  // Emits any four topics and data that it is called with: the terminal's event, to the letter, from another address.
  const forger: Address = "0x00000000000000000000000000000000000f0e0d";
  await client.setCode({ address: forger, bytecode: "0x60803603806080600037606035604035602035600035846000a400" });
  const topics = encodeEventTopics({ abi: multiTerminalAbi, eventName: "Pay", args: { projectId, rulesetId: 1n, rulesetCycleNumber: 1n } }) as Hex[];
  const data = encodeAbiParameters(
    [{ type: "address" }, { type: "address" }, { type: "uint256" }, { type: "uint256" }, { type: "string" }, { type: "bytes" }, { type: "address" }],
    [wallet, wallet, amountUsdMicros, 1n, guestMemo(reference), "0x", wallet],
  );
  await sendAs(client, thief, { to: forger, data: `0x${[...topics, data].map((part) => part.slice(2)).join("")}` });
  await payByWallet(world, thief, { store, amountUsdMicros: 10_000n, reference });
  await payByWallet(world, thief, { store, amountUsdMicros: amountUsdMicros - 1n, reference });
  const elsewhere = await makeOpenStore(world);
  await payByWallet(world, thief, { store: elsewhere, amountUsdMicros, reference });
  await payByWallet(world, thief, { store, amountUsdMicros, memo: `coco:${chargeId.replaceAll("-", "")}` });
  const fakeToken: Address = "0x00000000000000000000000000000000000fa4e0";
  await client.setCode({ address: fakeToken, bytecode: "0x600160005260206000f3" });
  await sendAs(client, thief, { to: fakeToken, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [JUICEBOX.multiTerminal, amountUsdMicros] }) });
  const args = [projectId, fakeToken, amountUsdMicros, wallet, 0n, guestMemo(reference), "0x"] as const;
  await expect(client.call({ account: thief, to: JUICEBOX.multiTerminal, data: encodeFunctionData({ abi: multiTerminalAbi, functionName: "pay", args }) })).rejects.toThrow();
  await world.follow();
  expect(await stateOf(chargeId)).toBe("paying");
  expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: null, payments: 0 });
  const named = await outsideOf(store.storeId);
  expect(named.map(({ outcome, code }) => [outcome, code])).toEqual([["underpaid", null], ["underpaid", null], ["outside", null]]);
  for (const { transaction_id } of named) expect(await eventsOf(transaction_id)).toEqual(["outside"]);
  expect((await outsideOf(elsewhere.storeId)).map(({ outcome }) => outcome)).toEqual(["outside"]);

  await payByWallet(world, wallet, { store, amountUsdMicros, reference });
  await payByWallet(world, thief, { store, amountUsdMicros, reference });
  await world.follow();
  expect(await stateOf(chargeId)).toBe("paid");
  expect((await outsideOf(store.storeId)).slice(3).map(({ outcome, payer }) => [outcome, payer])).toEqual([["paid", wallet], ["paid_twice", thief]]);
});

test("what lands after the hold is late and can be sent back; within a block's grace it pays, and nobody else could meanwhile", async () => {
  const [first, second] = [await charge(), await charge()];
  const [late, inTime] = [await open(first), await open(second)];
  const { timestamp } = await world.chain.client.getBlock();
  const before = (seconds: number) => new Date((Number(timestamp) - seconds) * 1000);
  await sql`UPDATE guest_payments SET expires_at = ${before(200)} WHERE reference = ${late.reference}`;
  await sql`UPDATE guest_payments SET expires_at = ${before(60)} WHERE reference = ${inTime.reference}`;
  await payByWallet(world, wallet, { store, amountUsdMicros: late.amountUsdMicros, reference: late.reference });
  await payByWallet(world, wallet, { store, amountUsdMicros: inTime.amountUsdMicros, reference: inTime.reference });
  await world.follow();
  const rows = await outsideOf(store.storeId);
  expect(rows.map(({ outcome }) => outcome)).toEqual(["late", "paid"]);
  await end(late.reference, 121);
  expect([await stateOf(first), await stateOf(second)]).toEqual(["open", "paid"]);
  expect(await quoteRefund(owner, { storeId: store.storeId, transactionId: must(rows[0]).transaction_id })).toMatchObject({ outcome: "late" });
  expect(await getGuestPayment(late.reference, late.secret)).toMatchObject({ extras: [{ outcome: "late" }] });
});

test("a charge that a customer paid after the hold is paid twice by the wallet's late block, and one that the till took back is late", async () => {
  const [paid, cancelled] = [await charge(), await charge()];
  const [second, over] = [await open(paid), await open(cancelled)];
  const customer = await makePayer(world, 50_000_000n);
  // The price ended; the wallet's transaction is mined within the grace of a block, but the till has sold it to somebody else.
  await end(second.reference, 121);
  const { transactionId } = await payCharge(customer, paid, { now: await clock() });
  await holdByChain(second.reference);
  await cancelCharge(owner, { storeId: store.storeId, chargeId: cancelled });
  await payByWallet(world, wallet, { store, amountUsdMicros: second.amountUsdMicros, reference: second.reference });
  await payByWallet(world, wallet, { store, amountUsdMicros: over.amountUsdMicros, reference: over.reference });
  await world.settle();
  const outcomes = (await outsideOf(store.storeId)).map(({ outcome, code }) => [outcome, code]);
  expect(outcomes).toEqual([["paid_twice", null], ["late", null]]);
  expect(await chargeRowOf(paid)).toEqual({ transaction_id: transactionId, payments: 1 });
  expect([await stateOf(paid), await stateOf(cancelled)]).toEqual(["paid", "cancelled"]);
});

test("a guest who lets go and pays all the same has the charge while it is free; whoever holds it then is second and is named", async () => {
  const chargeId = await charge();
  const first = await open(chargeId);
  await releaseCharge(stranger, first);
  const second = await open(chargeId);
  for (const { reference } of [first, second]) await holdByChain(reference);
  await payByWallet(world, wallet, { store, amountUsdMicros: first.amountUsdMicros, reference: first.reference });
  await payByWallet(world, wallet, { store, amountUsdMicros: second.amountUsdMicros, reference: second.reference });
  await world.follow();
  // Two pages of one charge in one range of blocks: the first on the chain has it.
  const rows = await outsideOf(store.storeId);
  expect(rows.map(({ outcome }) => outcome)).toEqual(["paid", "paid_twice"]);
  expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: must(rows[0]).transaction_id, payments: 1 });
  expect(await getGuestPayment(second.reference, second.secret)).toMatchObject({ status: "expired", own: { charge: { lostTo: "paid" } }, extras: [{ outcome: "paid_twice" }] });
});

test("a signed-in person who pays by a wallet finds the payment in the own account, rewards and charge too", async () => {
  const person = await makePayer(world, 0n);
  const chargeId = await charge();
  const { reference, amountUsdMicros } = await open(chargeId, "0", person);
  await payByWallet(world, wallet, { store, amountUsdMicros, reference, beneficiary: person.address });
  await world.follow();
  expect((await outsideOf(store.storeId)).map(({ outcome, from_user_id }) => [outcome, from_user_id])).toEqual([["paid", person.userId]]);
  expect(await findCharge(chargeId)).toMatchObject({ state: "paid", payment: { payerId: person.userId }, walletReference: reference });
});

test("a reorg takes the charge back to paying, nobody else takes it, and what comes back has it again under the same code", async () => {
  const chargeId = await charge();
  const { reference, amountUsdMicros } = await open(chargeId);
  const { client } = world.chain;
  const snapshot = await client.snapshot();
  await payByWallet(world, wallet, { store, amountUsdMicros, reference });
  await world.follow();
  const before = must((await outsideOf(store.storeId))[0]);
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 5 });
  await world.follow();
  expect(await stateOf(chargeId)).toBe("paying");
  await end(reference, 500);
  const customer = await makePayer(world, 50_000_000n);
  await expect(payCharge(customer, chargeId, { now: await clock() })).rejects.toMatchObject({ code: "charge_paid" });
  await holdByChain(reference);
  await payByWallet(world, wallet, { store, amountUsdMicros, reference });
  await world.follow();
  expect(await stateOf(chargeId)).toBe("paid");
  const rows = await outsideOf(store.storeId);
  const paid = must(rows.find(({ outcome, block_number }) => outcome === "paid" && block_number !== null));
  expect(await chargeRowOf(chargeId)).toMatchObject({ transaction_id: paid.transaction_id });
  if (paid.tx_hash === before.tx_hash) expect(paid).toMatchObject({ id: before.id, code: before.code });
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});
