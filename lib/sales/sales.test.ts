import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { newId } from "@/lib/ids";
import { refundsOf } from "@/lib/refunds/queries";
import { makePerson, makeRate, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import type { Role } from "@/lib/team/rules";
import { getSale } from "./get-sale";
import { listSales, listSellers, salesTotals } from "./queries";
import { amountTextOf, isSaleFiltered, NO_SALE_FILTER, saleFilterOf, saleQueryOf, type SaleFilter } from "./rules";

let storeId: string;
let owner: Actor;
beforeAll(makeRate);
beforeEach(async () => {
  const store = await makeStore();
  [storeId, owner] = [store.storeId, store.actor];
});

const memberOf = async (role: Role): Promise<Actor> => {
  const { actor } = await makePerson({ name: "Bia Rocha" });
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${actor.userId}, ${role}, now())`;
  return actor;
};
const found = async (filter: Partial<SaleFilter>, actor = owner) => (await listSales(actor, storeId, { filter: { ...NO_SALE_FILTER, ...filter } })).items.map(({ id }) => id);

/** A refund of a sale as the follower leaves it. */
async function makeRefund(saleId: string, { usd = "1", brl = 550, status = "refunded", completedAt = new Date() }: { usd?: string; brl?: number; status?: string; completedAt?: Date } = {}) {
  const id = newId();
  await sql`INSERT INTO transactions (id, store_id, type, purpose, status, amount_usd, chain_id, amount_brl_centavos) VALUES (${id}, ${storeId}, 'received', 'refund', ${status === "refunded" ? "confirmed" : status === "failed" ? "failed" : "pending"}, ${usd}, '84532', ${brl})`;
  await sql`
    INSERT INTO refunds (id, store_id, original_transaction_id, transaction_id, idempotency_key, request_fingerprint, status, amount_usd, amount_brl_centavos, reason, reward_units, returned_units, payee_address, requested_by, completed_at)
    VALUES (${id}, ${storeId}, ${saleId}, ${id}, ${id}, 'x', ${status}, ${usd}, ${brl}, 'Bolo', 0, 0, ${`0x${"1".repeat(40)}`}, ${owner.userId}, ${status === "refunded" ? completedAt : null})`;
  return id;
}

async function makeOutside(saleId: string, { outcome = "outside", refund = null }: { outcome?: string; refund?: string | null } = {}) {
  await sql`UPDATE transactions SET origin = 'outside' WHERE id = ${saleId}`;
  await sql`
    INSERT INTO outside_payments (id, chain_id, store_id, transaction_id, outcome, payer, beneficiary, amount_usd, reward_units, store_units, tx_hash, log_index, block_number, block_hash, refund_status, refund_usd, refunded_at)
    VALUES (${newId()}, '84532', ${storeId}, ${saleId}, ${outcome}, ${`0x${"1".repeat(40)}`}, ${`0x${"1".repeat(40)}`}, 7, 1, 1, ${`0x${newId().replaceAll("-", "").repeat(2)}`}, 1, 1, ${`0x${"2".repeat(64)}`}, ${refund}, ${refund ? "3.5" : null}, ${refund === "refunded" ? new Date() : null})`;
}

describe("the list", () => {
  test("pages by key in both directions without gaps or repeats", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 103; count += 1) ids.push((await makePayment({ storeId })).id);
    const newestFirst = ids.toReversed();
    const first = await listSales(owner, storeId);
    const second = await listSales(owner, storeId, { before: first.older ?? "" });
    const third = await listSales(owner, storeId, { before: second.older ?? "" });
    expect([first, second, third].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(newestFirst);
    expect([first.newer, third.older]).toEqual([null, null]);
    const back = await listSales(owner, storeId, { after: third.newer ?? "" });
    expect(back).toMatchObject({ items: second.items, newer: second.items[0]!.id, older: second.older });
    // What is sold meanwhile stands above every key.
    await makePayment({ storeId });
    expect((await listSales(owner, storeId, { before: first.older ?? "" })).items).toEqual(second.items);
    expect((await listSales(owner, storeId, { after: first.items[0]!.id })).items).toHaveLength(1);
    await expect(listSales(owner, storeId, { before: "' OR 1=1" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("codes are found by their beginning, only among paid sales of this store, by the index", async () => {
    const [one, other] = [await makePayment({ storeId, code: "K7P4QX" }), await makePayment({ storeId, code: "K7ZZZZ" })];
    await makePayment({ storeId, code: "K8AAAA" });
    await makePayment({ storeId, code: "K7AAAA", status: "pending" });
    const elsewhere = await makeStore();
    await makePayment({ storeId: elsewhere.storeId, code: "K7P4QX" });
    expect(await found({ code: "K7" })).toEqual([other.id, one.id]);
    expect(await found({ code: "K7P4QX" })).toEqual([one.id]);
    const plan = await sql`EXPLAIN SELECT 1 FROM transactions t WHERE t.store_id = ${storeId} AND t.confirmation_code BETWEEN 'K7' AND 'K7ZZZZZZ'`;
    expect(JSON.stringify(plan)).toMatch(/Index/);
  });

  test("by amount, member, state and day; two at once; nothing invented is nothing", async () => {
    const seller = await memberOf("staff");
    const [coffee, cake, old] = [await makePayment({ storeId, amountBrlCentavos: 1_250n }), await makePayment({ storeId, amountBrlCentavos: 1_800n }), await makePayment({ storeId, amountBrlCentavos: 1_250n, confirmedAt: new Date(Date.now() - 3 * 86_400_000) })];
    const chargeId = newId();
    await sql`
      INSERT INTO charges (id, store_id, idempotency_key, request_fingerprint, currency, amount_brl_centavos, amount_usd, brl_per_usd, rate_at, created_by, expires_at, transaction_id)
      VALUES (${chargeId}, ${storeId}, ${chargeId}, 'x', 'BRL', 1800, 3.3, 5.5, now(), ${seller.userId}, now(), ${cake.id})`;
    await sql`UPDATE transactions SET charge_id = ${chargeId} WHERE id = ${cake.id}`;
    await makeRefund(coffee.id);
    await makeOutside(old.id);
    const today = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Sao_Paulo" }).format(new Date());
    expect(await found({ amountBrlCentavos: 1_250n })).toEqual([old.id, coffee.id]);
    expect(await found({ amountBrlCentavos: 1_250n, from: today, to: today })).toEqual([coffee.id]);
    expect(await found({ memberId: seller.userId })).toEqual([cake.id]);
    expect(await found({ state: "refunded" })).toEqual([coffee.id]);
    expect(await found({ state: "outside" })).toEqual([old.id]);
    expect(await found({ memberId: newId() })).toEqual([]);
    expect((await listSellers(owner, storeId)).map(({ id }) => id).toSorted()).toEqual([owner.userId, seller.userId].toSorted());
  });

  test("the address says the filter and is read back; what makes no sense is as if it were not there", () => {
    const filter: SaleFilter = { state: "refunded", memberId: newId(), from: "2026-11-01", to: "2026-11-30", amountBrlCentavos: 3_805n, code: "K7P" };
    expect(saleFilterOf(saleQueryOf(filter))).toEqual(filter);
    expect(saleFilterOf({ state: "x", member: "1", since: "31/12", until: "1999-01-01", amount: "-1", q: "K7P4QX9" })).toEqual(NO_SALE_FILTER);
    expect(saleFilterOf({ amount: "R$ 38,5", q: " k7-p4 " })).toMatchObject({ amountBrlCentavos: 3_850n, code: "K7P4" });
    expect([isSaleFiltered(NO_SALE_FILTER), isSaleFiltered(filter), amountTextOf(5n)]).toEqual([false, true, "0,05"]);
  });
});

test("totals are gross, refunds of both ways, and net; a refund belongs to the day on which it was paid back", async () => {
  const [one, two] = [await makePayment({ storeId }), await makePayment({ storeId })];
  await makePayment({ storeId, status: "failed" });
  await makeRefund(one.id, { usd: "2", brl: 1_100 });
  await makeRefund(one.id, { status: "failed" });
  await makeRefund(one.id, { status: "paying" });
  await makeRefund(one.id, { usd: "1", brl: 550, completedAt: new Date(Date.now() - 2 * 86_400_000) });
  await makeOutside(two.id, { refund: "refunded" });
  // Half of US$ 7 at R$ 38,50.
  const today = await salesTotals(owner, storeId);
  expect(today).toEqual({ count: 2, grossUsdMicros: 14_000_000n, grossBrlCentavos: 7_700n, refunds: { count: 2, usdMicros: 5_500_000n, brlCentavos: 3_025n }, netBrlCentavos: 4_675n });
  expect(await refundsOf(storeId)).toMatchObject({ count: 3, brlCentavos: 3_575n });
  const [sale] = (await listSales(owner, storeId, { filter: { ...NO_SALE_FILTER, state: "refunded" } })).items.filter(({ id }) => id === one.id);
  expect(sale?.refund).toEqual({ brlCentavos: "1650", isFull: false, isOnItsWay: true });
  const elsewhere = await makeStore();
  await expect(salesTotals(elsewhere.actor, storeId)).rejects.toMatchObject({ code: "not_found" });
});

describe("one sale", () => {
  test("shows lines, seller, till, tip, refunds and what was paid with", async () => {
    const { id } = await makePayment({ storeId, payerId: (await makePerson()).actor.userId });
    const [chargeId, tillId] = [newId(), newId()];
    await sql`INSERT INTO tills (id, store_id, name, created_by) VALUES (${tillId}, ${storeId}, 'Balcão', ${owner.userId})`;
    await sql`
      INSERT INTO charges (id, store_id, idempotency_key, request_fingerprint, currency, amount_brl_centavos, amount_usd, brl_per_usd, rate_at, created_by, till_id, expires_at, items, note)
      VALUES (${chargeId}, ${storeId}, ${chargeId}, 'x', 'BRL', 3500, 6.3, 5.5, now(), ${owner.userId}, ${tillId}, now(), ${sql.json([{ itemId: null, name: "<b>Bolo</b>", quantity: 2, unitBrlCentavos: "1750" }])}, 'Mesa 4')`;
    await sql`
      UPDATE transactions SET charge_id = ${chargeId}, tip_usd = 0.636363, tip_brl_centavos = 350,
        tokens_used = ${sql.json([{ token_address: "0x1", amount: "1", amount_usd: "2.000000", store_id: storeId }, { token_address: "0x2", amount: "5", amount_usd: "5.000000", store_id: null }])} WHERE id = ${id}`;
    await makeRefund(id);
    expect(await getSale(owner, storeId, id)).toMatchObject({
      amountBrlCentavos: 3_850n, tip: { amountBrlCentavos: 350n }, charge: { lines: [{ name: "<b>Bolo</b>", quantity: 2 }], note: "Mesa 4", seller: "Bia", till: "Balcão" },
      parts: [{ kind: "own", amountBrlCentavos: 1_100n }, { kind: "dollars", amountBrlCentavos: 2_750n }], refunds: [{ status: "refunded", reason: "Bolo" }],
    });
  });

  test("staff see today's and no older one; other stores, unpaid ones and strangers' ids are not found", async () => {
    const staff = await memberOf("staff");
    const [today, older, pending] = [await makePayment({ storeId }), await makePayment({ storeId, confirmedAt: new Date(Date.now() - 2 * 86_400_000) }), await makePayment({ storeId, status: "pending" })];
    expect(await getSale(staff, storeId, today.id)).toMatchObject({ role: "staff", payment: { id: today.id } });
    await expect(getSale(staff, storeId, older.id)).rejects.toMatchObject({ code: "forbidden" });
    expect(await getSale(owner, storeId, older.id)).toMatchObject({ payment: { id: older.id } });
    const elsewhere = await makeStore();
    const foreign = await makePayment({ storeId: elsewhere.storeId });
    for (const id of [pending.id, foreign.id, newId(), "x"]) await expect(getSale(owner, storeId, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(getSale(elsewhere.actor, storeId, today.id)).rejects.toMatchObject({ code: "not_found" });
  });
});
