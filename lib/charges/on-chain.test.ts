import { encodeAbiParameters, encodeEventTopics, encodeFunctionData, type Address, type Hex } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi, multiTerminalAbi } from "@/lib/chain/abis";
import { JUICEBOX } from "@/lib/chain/addresses";
import { paymentMemo } from "@/lib/chain/pay";
import { SPONSORSHIP_SECONDS } from "@/lib/chain/paymaster";
import { chainTime } from "@/lib/chain/revnet-state";
import { sendAs, warpTo } from "@/lib/dev/chain/anvil-client";
import { usdMicrosFromDecimal } from "@/lib/money";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { eventsOf, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { chargeRowOf, makeChargeOf, payCharge } from "@/lib/test/charge-world";
import { makeWallet, outsideOf, payByWallet } from "@/lib/test/guest-world";
import { earnAt } from "@/lib/test/mixed-world";
import { makeOwner, signAll } from "@/lib/test/own-keys";
import { findCharge } from "./payable-charge";

process.env.CHAIN_IDS = "84532";
const DOLLARS = 50_000_000n;
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
let owner: Actor;
beforeAll(async () => {
  world = await startChainWorld("84532");
  await refreshRate();
});
beforeEach(async () => {
  store = await makeOpenStore(world);
  const { userId, sessionId } = await makePayer(world, 0n);
  owner = { userId, sessionId, name: "Bia", phone: "", locale: "pt-BR", ip: null, userAgent: null };
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${userId}, 'owner', now())`;
});
afterAll(() => world.stop());

const charge = (wanted = {}) => makeChargeOf({ storeId: store.storeId, actor: owner }, wanted);
/** By the chain's clock: stores of tests start a little in the future. */
async function pay(payer: Payer, chargeId: string, wanted = {}): Promise<string> {
  const [row] = await sql<{ now: Date }[]>`SELECT GREATEST(starts_at + interval '1 second', now()) AS now FROM stores WHERE id = ${store.storeId}`;
  return (await payCharge(payer, chargeId, { now: must(row).now, ...wanted })).transactionId;
}
const stateOf = async (chargeId: string) => (await findCharge(chargeId)).state;
const projectId = async () => must((await sql<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${store.storeId} AND chain_id = '84532'`)[0]).project_id;

test("a charge is paid when its payment's own event is there, with the tip in it", async () => {
  const payer = await makePayer(world, DOLLARS);
  const chargeId = await charge({ isTipAllowed: true });
  const transactionId = await pay(payer, chargeId, { tip: "10" });
  expect(await stateOf(chargeId)).toBe("paying");
  await world.settle();
  expect(await stateOf(chargeId)).toBe("paid");
  const { amountUsdMicros } = await findCharge(chargeId);
  const [row] = await sql`SELECT (amount_usd * 1000000)::bigint::text AS amount, (tip_usd * 1000000)::bigint::text AS tip FROM transactions WHERE id = ${transactionId}`;
  expect(BigInt(must(row)["amount"] as string)).toBe(amountUsdMicros + BigInt(must(row)["tip"] as string));
  expect(await eventsOf(transactionId)).toEqual(["paid"]);
});

test("a fake terminal, a copied memo with less money, and a fake token never make it paid", async () => {
  const payer = await makePayer(world, DOLLARS);
  const thief = await makeWallet(world);
  const chargeId = await charge();
  const transactionId = await pay(payer, chargeId);
  const { amountUsdMicros } = await findCharge(chargeId);
  const { client } = world.chain;

  // A contract that emits any four topics and data it is called with: the terminal's event, to the letter, from another address.
  const forger: Address = "0x00000000000000000000000000000000000f0e0d";
  await client.setCode({ address: forger, bytecode: "0x60803603806080600037606035604035602035600035846000a400" });
  const topics = encodeEventTopics({ abi: multiTerminalAbi, eventName: "Pay", args: { projectId: BigInt(await projectId()), rulesetId: 1n, rulesetCycleNumber: 1n } }) as Hex[];
  const data = encodeAbiParameters(
    [{ type: "address" }, { type: "address" }, { type: "uint256" }, { type: "uint256" }, { type: "string" }, { type: "bytes" }, { type: "address" }],
    [payer.address, payer.address, amountUsdMicros, 1n, paymentMemo(transactionId), "0x", payer.address],
  );
  await sendAs(client, thief, { to: forger, data: `0x${[...topics, data].map((part) => part.slice(2)).join("")}` });
  // The real terminal with the payment's memo, for the payer, and a cent; then with all of the money, but from another account.
  await payByWallet(world, thief, { store, amountUsdMicros: 10_000n, memo: paymentMemo(transactionId), beneficiary: payer.address });
  await payByWallet(world, thief, { store, amountUsdMicros, memo: paymentMemo(transactionId), beneficiary: payer.address });
  // The charge's own id is no memo either.
  await payByWallet(world, thief, { store, amountUsdMicros, memo: `coco:${chargeId.replaceAll("-", "")}` });
  // A token that is none of the store's: the terminal itself refuses it.
  const fakeToken = await deployFakeToken();
  const args = [BigInt(await projectId()), fakeToken, amountUsdMicros, payer.address, 0n, paymentMemo(transactionId), "0x"] as const;
  await sendAs(client, thief, { to: fakeToken, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [JUICEBOX.multiTerminal, amountUsdMicros] }) });
  await expect(client.call({ account: thief, to: JUICEBOX.multiTerminal, data: encodeFunctionData({ abi: multiTerminalAbi, functionName: "pay", args }) })).rejects.toThrow();

  await world.follow();
  expect(await stateOf(chargeId)).toBe("paying");
  expect(await paymentOf(transactionId)).toMatchObject({ status: "pending" });
  expect(await eventsOf(transactionId)).toEqual([]);
  // Money from outside is named as such, and sounds nowhere.
  const outside = await outsideOf(store.storeId);
  expect(outside.map(({ outcome, code }) => [outcome, code])).toEqual([["outside", null], ["outside", null], ["outside", null]]);
  for (const { transaction_id } of outside) expect(await eventsOf(transaction_id)).toEqual(["outside"]);
  expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: transactionId, payments: 1 });

  await world.settle();
  expect(await stateOf(chargeId)).toBe("paid");
  expect(await eventsOf(transactionId)).toEqual(["paid"]);
});

test("a payment that dies on the chain leaves the charge open, and the next one pays it", async () => {
  const [first, second] = [await makePayer(world, DOLLARS), await makePayer(world, DOLLARS)];
  const chargeId = await charge();
  const dead = await pay(first, chargeId);
  // Nobody sends it, and it can't land any more.
  await world.sign();
  await warpTo(world.chain.client, (await chainTime(world.chainId)) + SPONSORSHIP_SECONDS + 5);
  await world.follow();
  expect(await paymentOf(dead)).toMatchObject({ status: "failed" });
  expect(await stateOf(chargeId)).toBe("open");
  const paid = await pay(second, chargeId);
  await world.settle();
  expect(await stateOf(chargeId)).toBe("paid");
  expect(await chargeRowOf(chargeId)).toEqual({ transaction_id: paid, payments: 2 });
});

test("rewards of another store and dollars pay a charge together, and its tip, to the micro-dollar", async () => {
  const payer = await makePayer(world, DOLLARS);
  const bakery = await makeOpenStore(world);
  await earnAt(world, payer, [[bakery, 40_000_000n]]);
  const chargeId = await charge({ isTipAllowed: true });
  const transactionId = await pay(payer, chargeId, { tip: "15" });
  const [row] = await sql<{ parts: { store_id: string | null; amount_usd: string }[]; amount: string }[]>`SELECT tokens_used AS parts, amount_usd::text AS amount FROM transactions WHERE id = ${transactionId}`;
  const { parts, amount } = must(row);
  expect(parts.map(({ store_id }) => store_id)).toEqual([bakery.storeId, null]);
  expect(parts.reduce((sum, part) => sum + usdMicrosFromDecimal(part.amount_usd), 0n)).toBe(usdMicrosFromDecimal(amount));
  await world.settle();
  expect(await paymentOf(transactionId)).toMatchObject({ status: "confirmed" });
  expect(await stateOf(chargeId)).toBe("paid");
});

test("a person whose own key signs pays a charge like any other, and until the signature it is only on its way", async () => {
  const { payer, main } = await makeOwner([world], DOLLARS);
  const chargeId = await charge();
  const transactionId = await pay(payer, chargeId);
  await world.sign();
  expect(await stateOf(chargeId)).toBe("paying");
  await signAll(payer, transactionId, main);
  await world.settle();
  expect(await stateOf(chargeId)).toBe("paid");
});

/** Answers `true` to everything, as the crudest fake does. */
async function deployFakeToken(): Promise<Address> {
  const address: Address = "0x00000000000000000000000000000000000fa4e0";
  await world.chain.client.setCode({ address, bytecode: "0x600160005260206000f3" });
  return address;
}
