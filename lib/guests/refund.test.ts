import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { enqueue } from "@/lib/jobs/enqueue";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi } from "@/lib/chain/abis";
import { USDC, type Address } from "@/lib/chain/addresses";
import { distributeReservedCalls } from "@/lib/chain/revnet";
import { sendAs } from "@/lib/dev/chain/anvil-client";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { refreshRate } from "@/lib/rates/refresh-rate";
import type { Role } from "@/lib/team/rules";
import { confirm, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { makeWallet, openPage, outsideOf, payByWallet } from "@/lib/test/guest-world";
import { queueRefund } from "./queue-refund";
import { quoteRefund, requestRefund } from "./request-refund";

process.env.CHAIN_IDS = "84532";
const SEVEN = 7_000_000n;
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
let owner: Actor;
let wallet: Address;
beforeAll(async () => {
  world = await startChainWorld();
  await refreshRate();
});
beforeEach(async () => {
  store = await makeOpenStore(world);
  owner = await makeMember("owner");
  wallet = await makeWallet(world);
});
afterAll(() => world.stop());

async function makeMember(role: Role | null): Promise<Actor> {
  const person = await makePayer(world, 0n);
  if (role) await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${person.userId}, ${role}, now())`;
  return { ...person, name: "Bia", phone: "", locale: "pt-BR" };
}
const dollars = () => world.chain.client.readContract({ address: USDC[world.chainId], abi: erc20Abi, functionName: "balanceOf", args: [wallet] });
const newest = async () => must((await outsideOf(store.storeId)).at(-1));
const projectId = async () => must((await sql<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${store.storeId}`)[0]).project_id;
const operationsOf = async (id: string) => (await sql<{ status: string }[]>`SELECT status FROM user_operations WHERE subject_id = ${id} ORDER BY id`).map(({ status }) => status);

/** Anybody may; a fixed gas limit, because the estimate falls short of what its inner tries need. */
const distribute = async () => sendAs(world.chain.client, wallet, { ...must(distributeReservedCalls(await projectId())[0]), gas: 600_000n });

/** What the worker's job does, once the request's transaction queued it. */
async function work(outsidePaymentId: string) {
  const [job] = await sql<{ n: number }[]>`SELECT count(*)::int AS n FROM graphile_worker._private_jobs WHERE key = ${`guests.refund:${outsidePaymentId}`}`;
  expect(job).toEqual({ n: 1 });
  await queueRefund(outsidePaymentId);
}

async function payOutside(amountUsdMicros = SEVEN, reference?: string) {
  await payByWallet(world, wallet, { store, amountUsdMicros, ...(reference && { reference }) });
  await world.follow();
  return newest();
}

test("the owner sends back exactly what the payment left the store; the payer keeps the reward; asked twice it is one refund", async () => {
  const row = await payOutside();
  const input = { storeId: store.storeId, transactionId: row.transaction_id };
  expect(await quoteRefund(owner, input)).toMatchObject({ outcome: "outside", amountUsdMicros: "7000000", refundUsdMicros: "6650000", keptUsdMicros: "350000", isOthersReward: false });
  const before = await dollars();
  const results = await Promise.allSettled([requestRefund(owner, input), requestRefund(owner, input), requestRefund(owner, input)]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "refund_not_possible" });
  await work(row.id);
  await queueRefund(row.id);
  await world.settle();
  await queueRefund(row.id);
  expect(await dollars()).toBe(before + 6_650_000n);
  expect(await newest()).toMatchObject({ refund_status: "refunded", refund_usd: "6.650000", refund_tx_hash: expect.stringMatching(/^0x/), status: "confirmed" });
  expect(await operationsOf(row.id)).toEqual(["succeeded"]);
  await expect(requestRefund(owner, input)).rejects.toMatchObject({ code: "refund_not_possible" });
  const audits = await sql<{ action: string; user_id: string | null }[]>`SELECT action, user_id FROM audit_logs WHERE resource_id = ${row.id} ORDER BY created_at, id`;
  expect(audits).toEqual([{ action: "guest_payment.refund_requested", user_id: owner.userId }, { action: "guest_payment.refunded", user_id: null }]);
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});

test("other sales, distributed or not, are never touched; amounts come out to the micro-dollar after others cashed out", async () => {
  const payer = await makePayer(world, 50_000_000n);
  const sale = await confirm(payer, store, 20_000_000n);
  await world.settle();
  await distribute();
  const row = await payOutside(3_333_333n);
  await world.follow();
  const before = await dollars();
  const input = { storeId: store.storeId, transactionId: row.transaction_id };
  const quote = await quoteRefund(owner, input);
  await requestRefund(owner, input);
  await work(row.id);
  await world.settle();
  expect(await dollars()).toBe(before + BigInt(quote.refundUsdMicros));
  expect(BigInt(quote.refundUsdMicros) + BigInt(quote.keptUsdMicros)).toBeGreaterThanOrEqual(3_333_332n);
  expect(await paymentOf(sale)).toMatchObject({ status: "confirmed" });
  const [held] = await sql<{ left: string }[]>`
    SELECT (v.pending_reserved + (SELECT sum(balance) FROM store_token_balances b WHERE b.store_id = v.store_id AND b.token_store_id = v.store_id))::text AS left FROM revnet_states v WHERE v.store_id = ${store.storeId}`;
  expect(BigInt(must(held).left)).toBe(20_000_000n * 950n * 10n ** 12n);
});

test("somebody who distributes the share in between only delays it", async () => {
  const row = await payOutside();
  await requestRefund(owner, { storeId: store.storeId, transactionId: row.transaction_id });
  await work(row.id);
  await world.sign();
  await distribute();
  await world.settle();
  expect(await newest()).toMatchObject({ refund_status: "requested", refund_operation_id: null });
  await work(row.id);
  const before = await dollars();
  await world.settle();
  expect(await dollars()).toBe(before + 6_650_000n);
  expect(await newest()).toMatchObject({ refund_status: "refunded" });
  expect(await operationsOf(row.id)).toEqual(["reverted", "succeeded"]);
});

test("a refund that fails three times says so and can be asked for again", async () => {
  const row = await payOutside();
  const input = { storeId: store.storeId, transactionId: row.transaction_id };
  await requestRefund(owner, input);
  await sql`UPDATE outside_payments SET refund_usd = refund_usd + 1 WHERE id = ${row.id}`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await queueRefund(row.id);
    await sql`UPDATE user_operations SET attempts = 5 WHERE subject_id = ${row.id} AND status = 'queued'`;
    await world.settle();
  }
  expect(await newest()).toMatchObject({ refund_status: "failed", refund_error: expect.stringContaining("UnderMin") });
  await queueRefund(row.id);
  expect(await operationsOf(row.id)).toEqual(["expired", "expired", "expired"]);
  await requestRefund(owner, input);
  await queueRefund(row.id);
  await world.settle();
  expect(await newest()).toMatchObject({ refund_status: "refunded", refund_error: null });
});

test("a reorg takes a refund back and it lands once", async () => {
  const row = await payOutside();
  await requestRefund(owner, { storeId: store.storeId, transactionId: row.transaction_id });
  await work(row.id);
  const client = world.chain.client;
  const before = await dollars();
  const snapshot = await client.snapshot();
  await world.settle();
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(await newest()).toMatchObject({ refund_status: "requested", refund_tx_hash: null });
  await world.settle();
  expect(await newest()).toMatchObject({ refund_status: "refunded" });
  expect(await dollars()).toBe(before + 6_650_000n);
});

test("a payment that a reorg took away is not refunded", async () => {
  const client = world.chain.client;
  const snapshot = await client.snapshot();
  const row = await payOutside();
  await requestRefund(owner, { storeId: store.storeId, transactionId: row.transaction_id });
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  await queueRefund(row.id);
  await sql`UPDATE user_operations SET attempts = 5 WHERE subject_id = ${row.id}`;
  await world.settle();
  expect(await newest()).toMatchObject({ status: "pending", refund_status: "requested", refund_tx_hash: null, refund_error: "refund_not_possible" });
});

test("the page's own payment is no matter for this refund; the second one is", async () => {
  const { reference } = await openPage(store, 700n);
  const [paid, twice] = [await payOutside(SEVEN, reference), await payOutside(SEVEN, reference)];
  await expect(requestRefund(owner, { storeId: store.storeId, transactionId: paid.transaction_id })).rejects.toMatchObject({ code: "refund_not_possible" });
  expect(await quoteRefund(owner, { storeId: store.storeId, transactionId: twice.transaction_id })).toMatchObject({ outcome: "paid_twice" });
});

test("owner and admin may, admin up to the limit; staff is refused with an audit line, a stranger finds nothing", async () => {
  const row = await payOutside();
  const input = { storeId: store.storeId, transactionId: row.transaction_id };
  const [admin, staff, outsider] = [await makeMember("admin"), await makeMember("staff"), await makeMember(null)];
  await expect(requestRefund(staff, input)).rejects.toMatchObject({ code: "forbidden" });
  await expect(quoteRefund(staff, input)).rejects.toMatchObject({ code: "forbidden" });
  await expect(requestRefund(outsider, input)).rejects.toMatchObject({ code: "not_found" });
  await sql`UPDATE stores SET refund_limit_usd = 6.999999 WHERE id = ${store.storeId}`;
  await expect(requestRefund(admin, input)).rejects.toMatchObject({ code: "forbidden" });
  const refused = await sql<{ user_id: string }[]>`SELECT user_id FROM audit_logs WHERE action = 'permission.refused' AND resource_id = ${store.storeId} ORDER BY created_at, id`;
  expect(refused.map(({ user_id }) => user_id)).toEqual([staff.userId, staff.userId, admin.userId]);
  await sql`UPDATE stores SET refund_limit_usd = 7 WHERE id = ${store.storeId}`;
  expect(await quoteRefund(admin, input)).toMatchObject({ refundUsdMicros: "6650000" });
  // Another store's owner has no say in it.
  const elsewhere = await makeOpenStore(world);
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${elsewhere.storeId}, ${outsider.userId}, 'owner', now())`;
  await expect(requestRefund(outsider, { ...input, storeId: elsewhere.storeId })).rejects.toMatchObject({ code: "not_found" });
});

test("the job's door exists for the web process", async () => {
  await db.transaction((tx) => enqueue(tx, "guests.join_wallet", { walletId: crypto.randomUUID() }));
});
