import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { distributeReservedCalls } from "@/lib/chain/revnet";
import { sendAs } from "@/lib/dev/chain/anvil-client";
import { listActivity } from "@/lib/activity/queries";
import { NO_FILTER } from "@/lib/activity/rules";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { newId } from "@/lib/ids";
import { getPayment } from "@/lib/payments/queries";
import { createReceiptLink } from "@/lib/receipts/create-receipt-link";
import { openSharedReceipt } from "@/lib/receipts/queries";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { listRewardHistory } from "@/lib/rewards/history";
import { confirm, dollarsOf, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { makeWallet } from "@/lib/test/guest-world";
import { chainOf, tokensOf, type WorldStore } from "@/lib/test/mixed-world";
import { ask, makeRefunder, refundOf } from "@/lib/test/refund-world";
import { runJobs } from "@/lib/test/run-jobs";
import { quoteRefund } from "./quote-refund";
import { refundsOf, refundsOfSale } from "./queries";

process.env.CHAIN_IDS = "84532";
let world: ChainWorld;
let store: WorldStore;
let owner: Actor;
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
  // R$ 50,00 for US$ 10.
  sale = await confirm(payer, store, 10_000_000n);
  await world.settle();
  await sql`UPDATE transactions SET amount_brl_centavos = 5000 WHERE id = ${sale}`;
});
afterAll(() => world.stop());

const rewardsOf = async (person: Payer) => tokensOf(world, (await chainOf(world, store.storeId)).token_address, person.address);
const storeUnits = async () => {
  const { token_address, account } = await chainOf(world, store.storeId);
  const [state] = await sql<{ pending: string }[]>`SELECT pending_reserved::text AS pending FROM revnet_states WHERE store_id = ${store.storeId}`;
  return (await tokensOf(world, token_address, account)) + BigInt(must(state).pending);
};
const quote = (amountText: string, actor = owner) => quoteRefund(actor, { storeId: store.storeId, transactionId: sale, amountText });
const available = async () => must((await sql<{ units: string; usd: string }[]>`SELECT units::text, usd_micros::text AS usd FROM store_available(${store.storeId}, '84532')`)[0]);
const isInLine = async () => expect((await rebuildBalances(world.chainId)).differences).toEqual([]);

test("a full refund of a lone sale is funded when the reward comes back, to the micro-dollar", async () => {
  expect(await quote("50,00")).toMatchObject({ usdMicros: "10000000", keptBrlCentavos: "0", returnedUsdMicros: "500000", goneUnits: "0" });
  const id = await ask(owner, store, sale, "50,00");
  expect(await refundOf(id)).toMatchObject({ status: "requested", operation: "held", return_operation: "queued", payment: "pending", payer: payer.userId });
  // What is promised is nobody else's to promise.
  expect(await available()).toEqual({ units: "0", usd: "0" });
  await world.settle();
  await runJobs();
  expect(await refundOf(id)).toMatchObject({ status: "refunded", operation: "succeeded", return_operation: "succeeded", payment: "confirmed", done: true, returned: (500n * 10n ** 18n).toString() });
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 20_000_000n, available: 20_000_000n });
  expect([await rewardsOf(payer), await storeUnits()]).toEqual([0n, 0n]);
  expect(await available()).toEqual({ units: "0", usd: "0" });
  expect(await refundsOf(store.storeId)).toEqual({ count: 1, usdMicros: 10_000_000n, brlCentavos: 5_000n });
  expect(await refundsOf(store.storeId, { until: new Date(Date.now() - 3_600_000) })).toMatchObject({ count: 0 });
  expect(await refundsOfSale(sale)).toMatchObject([{ id, status: "refunded", reason: "Bolo errado", amountBrlCentavos: 5_000n }]);
  const notices = await sql<{ kind: string; data: object }[]>`SELECT kind, data FROM notices WHERE user_id = ${payer.userId} AND kind = 'refund_paid'`;
  expect(notices).toMatchObject([{ data: { refundId: id, store: "Café da Praia", amountBrlCentavos: "5000" } }]);
  const audits = await sql<{ action: string; user_id: string | null }[]>`SELECT action, user_id FROM audit_logs WHERE resource_type = 'refund' AND resource_id = ${id} ORDER BY created_at, id`;
  expect(audits).toEqual([{ action: "refund.requested", user_id: owner.userId }, { action: "refund.paid", user_id: null }]);
  await expect(ask(owner, store, sale, "0,01")).rejects.toMatchObject({ code: "refund_too_much" });
  await isInLine();
});

test("the payer sees it in the activity, linked to the purchase, which says how much of it came back; the receipt's link too", async () => {
  const secret = must((await createReceiptLink({ ...owner, ...payer }, sale)).url.split("/").at(-1));
  const part = await ask(owner, store, sale, "20,00");
  expect((await getPayment(payer, sale)).refund).toEqual({ status: "requested", amountUsdMicros: 4_000_000n, transactionHash: null, ofSale: { amountBrlCentavos: 2_000n, isPartial: true } });
  await world.settle();
  const [row, purchase] = (await listActivity(payer)).items;
  expect(row).toMatchObject({ id: part, kind: "refund", note: "Bolo errado", direction: "in", status: "confirmed", isHeld: false, refundOf: sale, amountBrlCentavos: 2_000n, store: { id: store.storeId }, parts: [] });
  expect(purchase).toMatchObject({ id: sale, refund: { status: "refunded", ofSale: { amountBrlCentavos: 2_000n, isPartial: true } } });
  expect((await listActivity(payer, { filter: { ...NO_FILTER, type: "refunds" } })).items.map(({ id }) => id)).toEqual([part]);
  const { items } = await listRewardHistory(payer, store.storeId);
  expect(items.map(({ transactionId, move, units, valueUsdMicros }) => [transactionId, move, units, valueUsdMicros])).toEqual([
    [part, "returned", 200n * 10n ** 18n, 200_000n],
    [sale, "earned", 500n * 10n ** 18n, 500_000n],
  ]);
  expect((await openSharedReceipt({ ip: "203.0.113.7" }, secret)).state).toBe("paid");
  await ask(owner, store, sale, "30,00");
  await world.settle();
  expect((await getPayment(payer, sale)).refund).toMatchObject({ status: "refunded", ofSale: { amountBrlCentavos: 5_000n, isPartial: false } });
  expect((await openSharedReceipt({ ip: "203.0.113.7" }, secret)).state).toBe("refunded");
});

test("three partial refunds add up to the sale and its reward, and nothing is left over", async () => {
  for (const reais of ["16,66", "16,67", "16,67"]) {
    const id = await ask(owner, store, sale, reais);
    await world.settle();
    expect(await refundOf(id)).toMatchObject({ status: "refunded" });
  }
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 20_000_000n, available: 20_000_000n });
  expect(await rewardsOf(payer)).toBe(0n);
  const [sums] = await sql<{ usd: string; due: string }[]>`SELECT sum(amount_usd)::text AS usd, sum(reward_units)::text AS due FROM refunds WHERE original_transaction_id = ${sale}`;
  expect(sums).toEqual({ usd: "10.000000", due: (500n * 10n ** 18n).toString() });
  await isInLine();
});

test("of two refunds of 60 % the second is refused at 40 %, also when two admins ask at once", async () => {
  const admins = [await makeRefunder(world, store, "admin"), await makeRefunder(world, store, "admin")];
  const asked = await Promise.allSettled(admins.map((admin) => ask(admin, store, sale, "30,00")));
  expect(asked.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  for (const result of asked) if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "refund_too_much", details: { availableBrlCentavos: "2000" } });
  await expect(ask(owner, store, sale, "20,01")).rejects.toMatchObject({ code: "refund_too_much" });
  await ask(owner, store, sale, "20,00");
  await world.settle();
  expect((await dollarsOf(payer.userId)).settled).toBe(20_000_000n);
});

test("one key is one refund, twenty times at once; the same key for another amount is refused", async () => {
  const key = newId();
  const ids = await Promise.all(Array.from({ length: 20 }, () => ask(owner, store, sale, "10,00", { key })));
  expect(new Set(ids).size).toBe(1);
  await expect(ask(owner, store, sale, "11,00", { key })).rejects.toMatchObject({ code: "idempotency_mismatch" });
  await world.settle();
  expect(await ask(owner, store, sale, "10,00", { key })).toBe(ids[0]);
  expect(await refundsOf(store.storeId)).toMatchObject({ count: 1, usdMicros: 2_000_000n });
  expect((await dollarsOf(payer.userId)).settled).toBe(12_000_000n);
});

test("owner and admin may, with a second factor and an admin up to the limit; staff, outsiders and other stores may not", async () => {
  const [admin, staff, outsider, plain] = [await makeRefunder(world, store, "admin"), await makeRefunder(world, store, "staff"), await makeRefunder(world, store, null), await makeRefunder(world, store, "owner", { isConfirmed: false })];
  await expect(ask(staff, store, sale, "1,00")).rejects.toMatchObject({ code: "forbidden" });
  await expect(quote("1,00", staff)).rejects.toMatchObject({ code: "forbidden" });
  await expect(ask(outsider, store, sale, "1,00")).rejects.toMatchObject({ code: "not_found" });
  await expect(ask(plain, store, sale, "1,00")).rejects.toMatchObject({ code: "step_up_required", details: { purpose: "refund" } });
  const elsewhere = await makeOpenStore(world);
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${elsewhere.storeId}, ${outsider.userId}, 'owner', now())`;
  await expect(ask(outsider, elsewhere, sale, "1,00")).rejects.toMatchObject({ code: "not_found" });
  await sql`UPDATE stores SET refund_limit_usd = 3 WHERE id = ${store.storeId}`;
  await expect(quote("15,01", admin)).rejects.toMatchObject({ code: "refund_over_limit" });
  await expect(ask(admin, store, sale, "15,01")).rejects.toMatchObject({ code: "refund_over_limit" });
  await ask(admin, store, sale, "10,00");
  // Many small ones are one large one.
  await expect(ask(admin, store, sale, "5,01")).rejects.toMatchObject({ code: "refund_over_limit" });
  await ask(admin, store, sale, "5,00");
  await ask(owner, store, sale, "35,00");
  const refused = await sql<{ user_id: string }[]>`SELECT user_id FROM audit_logs WHERE action = 'permission.refused' AND resource_id = ${store.storeId} ORDER BY created_at, id`;
  expect(refused.map(({ user_id }) => user_id)).toEqual([staff.userId, staff.userId, admin.userId, admin.userId, admin.userId]);
  expect(await sql`SELECT count(*)::int AS n FROM refunds WHERE original_transaction_id = ${sale}`).toEqual([{ n: 3 }]);
});

test("a sale that is not paid, or was paid by Pix, or whose payer is gone, has nothing to refund", async () => {
  const open = await confirm(payer, store, 1_000_000n);
  await expect(ask(owner, store, open, "1,00")).rejects.toMatchObject({ code: "refund_not_possible" });
  await sql`UPDATE user_operations SET error_code = 'would_revert', error_message = 'test' WHERE id = ${open}`;
  await world.follow();
  await expect(ask(owner, store, open, "1,00")).rejects.toMatchObject({ code: "refund_not_possible" });
  await expect(ask(owner, store, newId(), "1,00")).rejects.toMatchObject({ code: "not_found" });
  await sql`UPDATE transactions SET origin = 'pix', from_user_id = NULL WHERE id = ${sale}`;
  await expect(ask(owner, store, sale, "1,00")).rejects.toMatchObject({ code: "refund_no_payer" });
  await sql`UPDATE transactions SET origin = NULL, from_user_id = ${payer.userId} WHERE id = ${sale}`;
  await sql`UPDATE users SET deleted_at = now() WHERE id = ${payer.userId}`;
  await expect(ask(owner, store, sale, "1,00")).rejects.toMatchObject({ code: "refund_payer_gone" });
});

test("bad amounts and reasons are refused; HTML in the reason stays text", async () => {
  for (const [amount, code] of [["", "amount_missing"], ["0", "amount_missing"], ["-1,00", "amount_negative"], ["1,001", "amount_ambiguous"], ["um", "amount_invalid"], ["50,01", "refund_too_much"]]) await expect(ask(owner, store, sale, must(amount))).rejects.toMatchObject({ code });
  await expect(ask(owner, store, sale, "1,00", { reason: " \u202e " })).rejects.toMatchObject({ code: "reason_missing" });
  await expect(ask(owner, store, sale, "1,00", { reason: "a".repeat(141) })).rejects.toMatchObject({ code: "note_too_long" });
  await ask(owner, store, sale, "1,00", { reason: "<script>alert(1)</script>\n' OR 1=1" });
  expect((await refundsOfSale(sale)).map(({ reason }) => reason)).toEqual(["<script>alert(1)</script> ' OR 1=1"]);
});

test("somebody who distributes the store's share in between only delays it", async () => {
  const id = await ask(owner, store, sale, "25,00");
  await world.sign();
  while (await world.bundle()) continue;
  await world.follow();
  expect(await refundOf(id)).toMatchObject({ status: "paying", return_operation: "succeeded", operation: "queued" });
  await world.sign();
  const { project_id } = await chainOf(world, store.storeId);
  await sendAs(world.chain.client, await makeWallet(world), { ...must(distributeReservedCalls(project_id)[0]), gas: 600_000n });
  await world.settle();
  expect(await refundOf(id)).toMatchObject({ status: "refunded" });
  expect(await sql`SELECT status FROM user_operations WHERE subject_id = ${id} AND kind = 'store_refund' ORDER BY created_at, id`).toEqual([{ status: "reverted" }, { status: "succeeded" }]);
  expect((await dollarsOf(payer.userId)).settled).toBe(15_000_000n);
  await isInLine();
});
