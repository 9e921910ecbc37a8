import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi } from "@/lib/chain/abis";
import { USDC, type Address, type Hex } from "@/lib/chain/addresses";
import { parseBurnMessage, receiveMessageCall } from "@/lib/chain/cctp";
import type { ChainId } from "@/lib/chain/chains";
import { isUsdcDeposited } from "@/lib/chain/deposits";
import { advanceDue } from "@/lib/consolidation/advance";
import { inFlightOf } from "@/lib/consolidation/queries";
import type { DepositReader } from "@/lib/dev/avenia/world";
import { fundOperator, sendAs } from "@/lib/dev/chain/anvil-client";
import { chainDeposits } from "@/lib/dev/chain/read-deposits";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { newId } from "@/lib/ids";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { confirm, makeOpenStore, makePayer, must } from "@/lib/test/chain-world";
import { startBridgedWorld, supplyOf, turn, WHEELS, type BridgedWorld, type Wheel } from "@/lib/test/consolidation-world";
import { approve } from "@/lib/test/payout-worlds";
import { addDestination, confirmDestination } from "./add-destination";
import { advancePayout } from "./advance-payout";
import { lookUpDestination } from "./look-up-destination";
import { potValueUsdMicros } from "./plan-funding";
import { priceDollars } from "./price-dollars";
import { providerAccount } from "./provider-account";
import { getPayout } from "./queries";
import { quotePayout } from "./quote-payout";
import { reconcileAccounts } from "./reconcile-accounts";
import { requestPayout } from "./request-payout";
import type { PayoutWay } from "./rules";
import { storePots } from "./store-pots";

/** A store whose money lies on another chain than the partner's is paid in reais: two chains with their bridge, Circle's and the partner's stand-ins, and payouts as the worker carries them. */
process.env.CHAIN_IDS = "84532,11155420";
const [HOME, PARTNER] = ["11155420", "84532"] as const satisfies ChainId[];
const PAID = 100_000_000n;
/** What the store keeps of a payment of US$ 100. */
const KEPT = 95_000_000n;
const STRANGER: Address = "0x00000000000000000000000000000000000abcde";
const DEAD_URL = "http://127.0.0.1:9";

let read: DepositReader | null = null;
/** The partner looks at its chain only while it is true: it would wait for depth where a test takes blocks back. */
let isPartnerLooking = true;
let avenia: AveniaWorld;
let world: BridgedWorld;
let store: { storeId: string; shortCode: string };
let owner: Actor;
let supply = 0n;
beforeAll(async () => {
  // First, because a process reads its environment once.
  avenia = await startAveniaWorld({ deposits: (input) => (read && isPartnerLooking ? read(input) : Promise.resolve({ deposits: [], nextBlock: input.fromBlock })), depositPollMs: 50 });
  world = await startBridgedWorld();
  read = chainDeposits(PARTNER, world.base.chain.rpcUrl);
  await refreshRate();
  for (const { chain } of world.worlds) await fundOperator(chain.client, STRANGER);
}, 120_000);
beforeEach(async () => {
  Object.assign(world.iris.knobs, { isWrong: false, missingUntil: 0 });
  isPartnerLooking = true;
  await openStore();
  supply = await supplyOf(world);
}, 60_000);
afterAll(async () => {
  await avenia.stop();
  await world.stop();
});

/** A store with an owner and US$ 95 elsewhere, known to the partner: from here on the test's. */
async function openStore() {
  store = await makeOpenStore(world.worlds);
  const person = await makePayer(world.worlds, 0n);
  owner = { ...person, name: "Bia", phone: "", locale: "pt-BR" };
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${person.userId}, 'owner', now() - interval '9 days')`;
  await sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${person.sessionId}`;
  await confirm(await makePayer(world.op, PAID), store, PAID, { chainId: HOME });
  await world.op.settle();
  await approve(must((await providerAccount("avenia", store.storeId)).identityUrl));
  for (let look = 0; look < 200 && (await providerAccount("avenia", store.storeId)).identity !== "confirmed"; look += 1) continue;
  return store;
}

async function usableKey(key = "bia@padaria.com.br"): Promise<string> {
  const { destinationId } = await addDestination(owner, { storeId: store.storeId, label: "", type: "pix", keyType: "email", key });
  await lookUpDestination(destinationId);
  await confirmDestination(owner, { storeId: store.storeId, destinationId });
  await sql`UPDATE payout_destinations SET usable_at = now() WHERE id = ${destinationId}`;
  return destinationId;
}
const quote = (destinationId: string, text: string, { way = "cash_out", chainId = null }: { way?: PayoutWay; chainId?: ChainId | null } = {}) =>
  quotePayout(owner, { storeId: store.storeId, to: { kind: "saved", destinationId }, way, amount: { currency: "USD", text }, chainId });
async function request(amount: string, way: PayoutWay = "cash_out"): Promise<string> {
  const made = await quote(await usableKey(), amount, { way });
  await priceDollars(must(made.quote.priceId));
  return (await requestPayout(owner, { storeId: store.storeId, key: newId(), quote: made.signed })).payoutId;
}
const rowOf = async (id: string) =>
  must((await sql<{ state: string; status: string; funded: string | null; fee: string; transaction: string; stage: string | null; arrived_tx_hash: string | null; left_tx_hash: Hex | null }[]>`
    SELECT p.state, p.status::text, p.funded_usd::text AS funded, p.fee_usd::text AS fee, t.status::text AS transaction, c.stage, c.arrived_tx_hash, c.left_tx_hash
    FROM payouts p JOIN transactions t ON t.id = p.transaction_id LEFT JOIN consolidations c ON c.id = t.id WHERE p.id = ${id}`)[0]);
const turns = async (...wheels: Wheel[]) => {
  for (const wheel of wheels) await turn(world, wheel);
};
const TO_ATTESTED: Wheel[] = ["sign", "bundle", "follow", "advance", "advance", "advance", "advance", "advance"];

/** As a worker and the minute's round would, until the payout is where it should be. */
async function until(id: string, state: string) {
  let now = Date.now();
  const round = async () => {
    now += 40_000;
    for (const wheel of WHEELS) if (wheel !== "relay") await turn(world, wheel);
    await advancePayout(id, new Date(now));
    return (await rowOf(id)).state;
  };
  await expect.poll(round, { timeout: 45_000, interval: 20 }).toBe(state);
}

/** By our books alone, which follow the chains by moments: every dollar is free, promised, on its way, at the partner, or the bridge's fee. */
async function booksOf(): Promise<{ total: bigint; onTheWay: bigint; fee: bigint }> {
  const [row] = await sql<{ promised: string; way: string; there: string; fee: string }[]>`
    SELECT (SELECT COALESCE(sum(amount_usd * 1000000), 0)::bigint FROM transactions WHERE store_id = ${store.storeId} AND type = 'payout' AND status = 'pending')::text AS promised,
           COALESCE(sum(units) FILTER (WHERE left_block IS NOT NULL AND arrived_block IS NULL), 0)::text AS way, COALESCE(sum(arrived_units), 0)::text AS there,
           COALESCE(sum(units - arrived_units) FILTER (WHERE arrived_block IS NOT NULL), 0)::text AS fee
    FROM consolidations WHERE store_id = ${store.storeId} AND kind = 'payout'`;
  const free = (await storePots(store.storeId)).reduce((sum, pot) => sum + potValueUsdMicros(pot), 0n);
  const [promised, onTheWay, there, fee] = [must(row).promised, must(row).way, must(row).there, must(row).fee].map(BigInt) as [bigint, bigint, bigint, bigint];
  return { total: free + promised + onTheWay + there + fee, onTheWay, fee };
}

type Ledger = { isConserved: boolean; payouts: { externalId: string; status: string; inputUsdMicros: string }[]; accounts: { id: string; balanceUsdMicros: string }[] };
/** Chains, provider and rows agree, once the chains are followed: every dollar is in one place, and paid out once. */
async function expectConserved() {
  const { accountId, depositAddress } = await providerAccount("avenia", store.storeId);
  const ledger = (await (await fetch(`${avenia.sandbox.url}/__sandbox/ledger`)).json()) as Ledger;
  const { total, onTheWay, fee } = await booksOf();
  const there = await world.base.chain.client.readContract({ address: USDC[PARTNER], abi: erc20Abi, functionName: "balanceOf", args: [depositAddress as Address] });
  const nowhere = await world.op.chain.client.readContract({ address: USDC[HOME], abi: erc20Abi, functionName: "balanceOf", args: [depositAddress as Address] });
  const rows = await sql<{ submission_id: string; micros: string | null; state: string }[]>`SELECT submission_id, (funded_usd * 1000000)::bigint::text AS micros, state FROM payouts WHERE store_id = ${store.storeId}`;
  const sum = (amounts: (string | null)[]) => amounts.reduce((total, amount) => total + BigInt(amount ?? 0), 0n);
  expect(ledger.isConserved).toBe(true);
  expect(nowhere).toBe(0n);
  expect(total).toBe(KEPT);
  expect(there).toBe(sum((await sql<{ units: string | null }[]>`SELECT arrived_units::text AS units FROM consolidations WHERE store_id = ${store.storeId}`).map(({ units }) => units)));
  expect(fee).toBeLessThan(10_000n);
  expect((await supplyOf(world)) + onTheWay).toBe(supply);
  expect(sum(rows.map(({ micros }) => micros))).toBe(there);
  const orders = ledger.payouts.filter(({ externalId }) => rows.some((row) => row.submission_id === externalId));
  const paid = sum(orders.filter(({ status }) => status === "PAID").map(({ inputUsdMicros }) => inputUsdMicros));
  expect(orders).toHaveLength(rows.filter(({ state }) => state === "completed").length);
  expect(sum(rows.filter(({ state }) => state === "completed").map(({ micros }) => micros))).toBe(paid);
  if (isPartnerLooking) expect(BigInt(must(ledger.accounts.find(({ id }) => id === accountId)).balanceUsdMicros)).toBe(there - paid);
  for (const { chainId } of world.worlds) expect((await rebuildBalances(chainId)).differences).toEqual([]);
}

test("the whole way: out of the store there, over the bridge, to the partner, and reais by Pix; sums, fee and net", async () => {
  const destinationId = await usableKey();
  const made = await quote(destinationId, "20,00");
  expect(made.quote.terms).toMatchObject({ chainId: HOME, bridgeToChainId: PARTNER, netUsdMicros: 20_000_000n, bridgeFeeUsdMicros: 2_400n });
  expect(made.quote.nets.cash_out).toBe(19_997_600n);
  await priceDollars(must(made.quote.priceId));
  expect(await sql`SELECT amount_usd::text FROM payout_prices WHERE id = ${made.quote.priceId}`).toEqual([{ amount_usd: "19.997600" }]);
  const { payoutId: id } = await requestPayout(owner, { storeId: store.storeId, key: newId(), quote: made.signed });
  await turns("sign");
  await advancePayout(id);
  expect(await rowOf(id)).toMatchObject({ state: "funding", status: "processing", transaction: "pending" });
  await turns("bundle", "follow");
  expect(await rowOf(id)).toMatchObject({ state: "funding", transaction: "confirmed", stage: "left", funded: null });
  const under = await getPayout(owner, store.storeId, id);
  expect(under).toMatchObject({ bridge: { isOnTheWay: true, isFast: true, problem: null }, isFunded: false, canAskAnew: false, netUsdMicros: 19_997_600n });
  expect(under.steps.at(-1)).toMatchObject({ state: "funding", reason: "bridge" });
  // A store's money on its way is no person's.
  expect(await inFlightOf(owner.userId)).toEqual([]);
  await expectConserved();
  await until(id, "completed");
  await advancePayout(id);
  const row = await rowOf(id);
  expect(row).toMatchObject({ state: "completed", funded: "19.998000", fee: "0.002000", stage: "arrived" });
  expect(await isUsdcDeposited(PARTNER, { txHash: must(row.arrived_tx_hash), to: (await providerAccount("avenia", store.storeId)).depositAddress, amountUsdMicros: 19_998_000n })).toBe(true);
  expect(await getPayout(owner, store.storeId, id)).toMatchObject({ endToEndId: expect.stringMatching(/^E\w{31}$/) as string, hasPartnerReceipt: true, netUsdMicros: 19_998_000n, bridge: { feeUsdMicros: 2_000n, isOnTheWay: false } });
  await expectConserved();
  await reconcileAccounts();
  expect(await sql`SELECT unmatched_usd::float8 AS usd FROM payout_accounts WHERE store_id = ${store.storeId}`).toEqual([{ usd: 0 }]);
});

test("an advance goes the same way, and what is borrowed is what is burned", async () => {
  const id = await request("10,00", "borrow");
  await until(id, "completed");
  const [row] = await sql<{ units: string; net: string }[]>`SELECT c.units::text, p.quote->>'netUsdMicros' AS net FROM consolidations c JOIN payouts p ON p.transaction_id = c.id WHERE p.id = ${id}`;
  expect(must(row).units).toBe(must(row).net);
});

test("the money of each chain is a choice: the partner's own first, without a bridge, and the other one when it is picked", async () => {
  await confirm(await makePayer(world.base, PAID), store, PAID);
  await world.base.settle();
  const destinationId = await usableKey();
  expect((await quote(destinationId, "20,00")).quote.terms).toMatchObject({ chainId: PARTNER, bridgeToChainId: null, bridgeFeeUsdMicros: 0n });
  expect((await quote(destinationId, "20,00", { chainId: HOME })).quote.terms).toMatchObject({ chainId: HOME, bridgeToChainId: PARTNER });
  await expect(quote(destinationId, "20,00", { chainId: "1" })).rejects.toMatchObject({ code: "store_not_ready" });
});

describe("Circle's service", () => {
  test("knows nothing for minutes: it waits and says so, and the partner is asked for nothing", async () => {
    world.iris.knobs.missingUntil = Date.now() + 600_000;
    const id = await request("12,00");
    await turns(...TO_ATTESTED);
    await sql`UPDATE consolidations SET left_at = now() - INTERVAL '10 minutes' WHERE store_id = ${store.storeId}`;
    await turns("advance");
    await advancePayout(id);
    expect(await rowOf(id)).toMatchObject({ state: "funding", stage: "left" });
    expect((await getPayout(owner, store.storeId, id)).bridge).toMatchObject({ isOnTheWay: true, problem: "attestation_late" });
    await expectConserved();
    world.iris.knobs.missingUntil = 0;
    await until(id, "completed");
    await expectConserved();
  });

  test("is away: a payout can still be asked for, free and slow, and waits for it", async () => {
    const url = process.env.IRIS_URL;
    // Another address has no fee in memory.
    process.env.IRIS_URL = DEAD_URL;
    const id = await request("12,00");
    await turns(...TO_ATTESTED);
    expect(await rowOf(id)).toMatchObject({ state: "funding", stage: "left" });
    expect((await getPayout(owner, store.storeId, id)).bridge).toMatchObject({ isOnTheWay: true, isFast: false, problem: null });
    process.env.IRIS_URL = url;
    await until(id, "completed");
    expect(await rowOf(id)).toMatchObject({ funded: "12.000000", fee: "0.000000" });
    await expectConserved();
  });

  test("signs with a wrong key: nothing goes to the chain until the right one comes", async () => {
    world.iris.knobs.isWrong = true;
    const id = await request("12,00");
    await turns(...TO_ATTESTED);
    expect((await getPayout(owner, store.storeId, id)).bridge).toMatchObject({ problem: "attestation_wrong" });
    expect(await sql`SELECT 1 FROM operator_calls WHERE subject_id = ${id}`).toHaveLength(0);
    world.iris.knobs.isWrong = false;
    await until(id, "completed");
    await expectConserved();
  });
});

test("a worker that stops after any step and begins again, two at once: one burn, one mint, one order", async () => {
  const id = await request("15,00");
  for (const wheel of [...TO_ATTESTED, "advance", "call", "tend", "follow"] as Wheel[]) {
    await turn(world, wheel);
    // Nothing is in memory any more, and another process does the same at the same moment.
    for (const one of world.worlds) one.restartBundler();
    await sql`UPDATE consolidations SET next_look_at = now()`;
    await Promise.all([advanceDue(), advanceDue(), advancePayout(id), advancePayout(id)]);
    // Between the chain's word and the follower's the store's tokens are gone and still promised.
    if (wheel !== "bundle") expect((await booksOf()).total).toBe(KEPT);
  }
  await until(id, "completed");
  await expectConserved();
  const sent = await sql`SELECT DISTINCT nonce FROM operator_transactions o JOIN operator_calls c ON c.id = o.call_id WHERE c.subject_id = ${id} AND o.status = 'mined'`;
  expect(sent.length).toBeLessThanOrEqual(1);
});

describe("what a reorg takes back", () => {
  test("a burn: it is leaving again until it lands again, and arrives once", async () => {
    const { client } = world.op.chain;
    const snapshot = await client.snapshot();
    const id = await request("11,00");
    await turns("sign", "bundle", "follow", "advance");
    expect(await rowOf(id)).toMatchObject({ state: "funding", stage: "left", transaction: "confirmed" });
    await client.revert({ id: snapshot });
    await client.mine({ blocks: 1 });
    await turns("follow");
    expect(await rowOf(id)).toMatchObject({ state: "funding", stage: "leaving", transaction: "pending" });
    expect(await supplyOf(world)).toBe(supply);
    await until(id, "completed");
    await expectConserved();
  });

  test("a burn whose dollars have arrived: the payout stands, and nothing is minted twice", async () => {
    const { client } = world.op.chain;
    const snapshot = await client.snapshot();
    const id = await request("11,00");
    await until(id, "completed");
    await client.revert({ id: snapshot });
    await client.mine({ blocks: 1 });
    await turns("follow");
    expect(await rowOf(id)).toMatchObject({ state: "completed", stage: "arrived", transaction: "pending", funded: "10.998900" });
    for (const wheel of [...WHEELS, ...WHEELS]) await turn(world, wheel);
    await expect.poll(async () => (await turns("sign", "bundle", "tend", "follow", "advance", "call"), (await rowOf(id)).transaction), { timeout: 30_000 }).toBe("confirmed");
    expect(await rowOf(id)).toMatchObject({ state: "completed", stage: "arrived", funded: "10.998900" });
    await expectConserved();
  });

  test("a mint: no order goes out on it, and it comes again, once", async () => {
    isPartnerLooking = false;
    const id = await request("11,00");
    await turns(...TO_ATTESTED);
    expect((await rowOf(id)).stage).toBe("attested");
    const { client } = world.base.chain;
    const snapshot = await client.snapshot();
    await turns("advance", "call", "tend", "follow");
    await advancePayout(id);
    expect(await rowOf(id)).toMatchObject({ state: "funded", stage: "arrived", funded: "10.998900" });
    await client.revert({ id: snapshot });
    await client.mine({ blocks: 1 });
    await turns("follow");
    expect(await rowOf(id)).toMatchObject({ state: "funding", stage: "attested", funded: null, transaction: "confirmed" });
    await expectConserved();
    isPartnerLooking = true;
    await until(id, "completed");
    await expectConserved();
  });

  test("a mint after the Pix was paid: the partner's word stands, and the dollars come again, once", async () => {
    const id = await request("11,00");
    await turns(...TO_ATTESTED);
    const { client } = world.base.chain;
    const snapshot = await client.snapshot();
    await until(id, "completed");
    isPartnerLooking = false;
    await client.revert({ id: snapshot });
    await client.mine({ blocks: 1 });
    await turns("follow");
    expect(await rowOf(id)).toMatchObject({ state: "completed", stage: "attested", funded: "10.998900" });
    await expect.poll(async () => (await turns("advance", "call", "tend", "follow"), (await rowOf(id)).stage), { timeout: 45_000 }).toBe("arrived");
    expect(await rowOf(id)).toMatchObject({ state: "completed", funded: "10.998900" });
    await expectConserved();
  });
});

test("a stranger brings the message first: it arrives once, and what was followed too early is found", async () => {
  const id = await request("13,00");
  await turns("sign", "bundle", "follow");
  const { left_tx_hash } = await rowOf(id);
  let signed: { message: Hex; attestation: Hex; status: string } | undefined;
  while (signed?.status !== "complete") {
    const answer = await fetch(`${world.iris.url}/v2/messages/2?transactionHash=${left_tx_hash}`);
    if (answer.ok) signed = ((await answer.json()) as { messages: [NonNullable<typeof signed>] }).messages[0];
  }
  await sendAs(world.base.chain.client, STRANGER, { ...receiveMessageCall(PARTNER, signed), gas: 500_000n });
  await turns("follow", "advance");
  for (let look = 0; look < 8; look += 1) await turns("advance");
  expect(await rowOf(id)).toMatchObject({ state: "funded", stage: "arrived" });
  await until(id, "completed");
  await expectConserved();
});

test("two stores' dollars in one bundle, alike to the cent and for one address: each has its own message", async () => {
  const [first, firstOwner] = [store, owner];
  const { depositAddress } = await providerAccount("avenia", first.storeId);
  const other = await openStore();
  // As at Stark Bank, where all stores' dollars go to one treasury.
  await sql`UPDATE payout_accounts SET deposit_address = ${depositAddress} WHERE store_id = ${other.storeId}`;
  const two = await request("17,00");
  [store, owner] = [first, firstOwner];
  const one = await request("17,00");
  await turns(...TO_ATTESTED);
  const rows = await sql<{ nonce: string; tx: string; sender: string; message: Hex }[]>`
    SELECT c.message_nonce AS nonce, c.left_tx_hash AS tx, o.sender, c.message FROM consolidations c JOIN user_operations o ON o.id = c.id WHERE c.id = ANY (${[one, two]}::uuid[])`;
  expect(new Set(rows.map(({ tx }) => tx)).size).toBe(1);
  expect(new Set(rows.map(({ nonce }) => nonce)).size).toBe(2);
  for (const { sender, message } of rows) expect(parseBurnMessage(message)).toMatchObject({ messageSender: sender });
  await expect.poll(async () => (await turns("advance", "call", "tend", "follow"), [(await rowOf(one)).stage, (await rowOf(two)).stage])).toEqual(["arrived", "arrived"]);
  expect([(await rowOf(one)).funded, (await rowOf(two)).funded]).toEqual(["16.998300", "16.998300"]);
  expect(await world.base.chain.client.readContract({ address: USDC[PARTNER], abi: erc20Abi, functionName: "balanceOf", args: [depositAddress as Address] })).toBe(2n * 16_998_300n);
});

describe("what a broken-in web process may write", () => {
  const asWeb = (statement: string) => sql.begin(async (tx) => {
    await tx.unsafe("SET LOCAL ROLE cocopay_web");
    await tx.unsafe(statement);
  });
  test("is no departure, no recipient, no arrival", async () => {
    for (const statement of [
      "INSERT INTO consolidations (id, user_id, kind, from_chain_id, to_chain_id, recipient, units, to_from_block) SELECT id, requested_by, 'payout', '11155420', '84532', '0x', 1, 0 FROM payouts LIMIT 1",
      "UPDATE consolidations SET recipient = '0x0000000000000000000000000000000000000001'",
      "UPDATE consolidations SET arrived_units = 1",
    ]) await expect(asWeb(statement)).rejects.toThrow(/permission denied/);
  });

  test.each([
    ["no bridge at all, so that the dollars would lie where the partner never looks", { bridgeToChainId: null }],
    ["another chain", { bridgeToChainId: "11155420" }],
    ["a fee that is none", { bridgeFeeUsdMicros: "9000000" }],
  ])("terms with %s are not signed, and the money stays in the store", async (_name, forged) => {
    const id = await request("14,00");
    await sql`UPDATE transactions SET terms = terms || ${sql.json(forged)} WHERE id = ${id}`;
    await turns("sign", "bundle", "follow");
    expect(await rowOf(id)).toMatchObject({ state: "failed", transaction: "failed", stage: null });
    await expectConserved();
  });

  test("another recipient is not signed either", async () => {
    const id = await request("14,00");
    await sql`UPDATE transactions SET payee_address = ${STRANGER} WHERE id = ${id}`;
    await turns("sign", "bundle", "follow");
    expect(await rowOf(id)).toMatchObject({ state: "failed", stage: null });
    await expectConserved();
  });
});
