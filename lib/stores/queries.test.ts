import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { makePerson, makeStore } from "@/lib/test/factories";
import { makePayment, makeStoreEvent } from "@/lib/test/paid-payment";
import type { Role } from "@/lib/team/rules";
import { listSales } from "@/lib/sales/queries";
import { getStoreFrame, getStoreOverview, getTill, listMyStores, namesOfOwners } from "./queries";

const memberOf = async (storeId: string, role: Role, { isAccepted = true } = {}) => {
  const { actor } = await makePerson({ name: "Bia Rocha" });
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${actor.userId}, ${role}, ${isAccepted ? new Date() : null})`;
  return actor;
};

describe("who sees what", () => {
  const READS = { frame: getStoreFrame, till: getTill, overview: getStoreOverview, payments: listSales, owners: namesOfOwners } as const;
  const ALLOWED: Record<keyof typeof READS, readonly Role[]> = { frame: ["owner", "admin", "staff"], till: ["owner", "admin", "staff"], overview: ["owner", "admin"], payments: ["owner", "admin"], owners: ["owner", "admin", "staff"] };

  test.each(Object.keys(READS) as (keyof typeof READS)[])("%s", async (name) => {
    const { storeId } = await makeStore();
    for (const role of ["owner", "admin", "staff"] as const) {
      const attempt = READS[name](await memberOf(storeId, role), storeId);
      if (ALLOWED[name].includes(role)) await attempt;
      else await expect(attempt).rejects.toMatchObject({ code: "forbidden" });
    }
    const outsiders = [(await makePerson()).actor, (await makeStore()).actor, await memberOf(storeId, "owner", { isAccepted: false })];
    for (const actor of outsiders) await expect(READS[name](actor, storeId)).rejects.toMatchObject({ code: "not_found" });
    await expect(READS[name](outsiders[0]!, "not-an-id")).rejects.toMatchObject({ code: "not_found" });
  });

  test("balance and deployments are the owner's", async () => {
    const { storeId, actor } = await makeStore();
    const owners = await getStoreOverview(actor, storeId);
    expect(owners.balanceUsdMicros).toBe(0n);
    expect(owners.deployments).toHaveLength(1);
    const admins = await getStoreOverview(await memberOf(storeId, "admin"), storeId);
    expect([admins.balanceUsdMicros, admins.deployments]).toEqual([null, null]);
  });

  test("my stores are those where I was accepted", async () => {
    const { storeId, actor } = await makeStore();
    const other = await makeStore();
    await sql`INSERT INTO store_members (store_id, user_id, role) VALUES (${other.storeId}, ${actor.userId}, 'admin')`;
    expect((await listMyStores(actor)).map(({ store, role, readiness }) => [store.id, role, readiness])).toEqual([[storeId, "owner", "ready"]]);
  });
});

describe("today", () => {
  test("counts confirmed payments of the store's own day, and shows those taken back for now", async () => {
    const { storeId, actor } = await makeStore();
    const { actor: payer } = await makePerson({ name: "Marina Souza" });
    const paid = await makePayment({ storeId, payerId: payer.userId });
    const priceless = await makePayment({ storeId, amountBrlCentavos: null, amountUsdMicros: 2_000_000n });
    await makePayment({ storeId, status: "pending" });
    await makePayment({ storeId, status: "failed" });
    const takenBack = await makePayment({ storeId, status: "pending" });
    await makeStoreEvent({ storeId, transactionId: takenBack.id });
    await makeStoreEvent({ storeId, transactionId: takenBack.id, kind: "checking_again" });
    await makePayment({ storeId, confirmedAt: new Date(Date.now() - 2 * 86_400_000) });

    const till = await getTill(actor, storeId);
    expect(till.today).toEqual({ count: 2, sumUsdMicros: 9_000_000n, sumBrlCentavos: 4_950n, averageBrlCentavos: 2_475n, refundedBrlCentavos: 0n });
    expect(till.payments.map(({ id, state }) => [id, state])).toEqual([[takenBack.id, "checking"], [priceless.id, "paid"], [paid.id, "paid"]]);
    expect(till.payments.at(-1)).toMatchObject({ payerName: "Marina", amountBrlCentavos: "3850", amountUsdMicros: "7000000", code: paid.code });
    expect(Date.parse(till.payments.at(-1)!.at)).toBeCloseTo(Date.now(), -4);
    expect(till.readiness).toBe("ready");
  });

  test("a hidden name is not shown", async () => {
    const { storeId, actor } = await makeStore();
    const { actor: payer } = await makePerson({ name: "Marina" });
    await sql`UPDATE users SET hide_name = true WHERE id = ${payer.userId}`;
    await makePayment({ storeId, payerId: payer.userId });
    expect((await getTill(actor, storeId)).payments[0]!.payerName).toBeNull();
  });
});

test("the balance is the store's tokens, distributed or not, at today's value, plus its dollars and other stores' rewards", async () => {
  const { storeId, actor } = await makeStore();
  const other = await makeStore();
  const E18 = 10n ** 18n;
  const state = (store: string, surplus: bigint, supply: bigint, pending: bigint) =>
    sql`INSERT INTO revnet_states (store_id, chain_id, surplus_usd_micros, supply, pending_reserved, borrowed_usd_micros, collateral, block_number) VALUES (${store}, '84532', ${surplus.toString()}, ${supply.toString()}, ${pending.toString()}, 0, 0, 1)`;
  const holds = (token: string, tokenStoreId: string | null, balance: bigint) =>
    sql`INSERT INTO store_token_balances (id, store_id, chain_id, token_address, token_store_id, balance) VALUES (${newId()}, ${storeId}, '84532', ${token}, ${tokenStoreId}, ${balance.toString()})`;
  // 100 dollars paid in: 5,000 tokens with customers, 95,000 the store's, of which 45,000 wait for their distribution.
  await state(storeId, 100_000_000n, 100_000n * E18, 45_000n * E18);
  await holds(`0x${"1".repeat(40)}`, storeId, 50_000n * E18);
  await holds(`0x${"2".repeat(40)}`, null, 3_000_000n);
  await state(other.storeId, 10_000_000n, 10_000n * E18, 0n);
  await holds(`0x${"3".repeat(40)}`, other.storeId, 1_000n * E18);
  expect((await getStoreOverview(actor, storeId)).balanceUsdMicros).toBe(95_000_000n + 3_000_000n + 1_000_000n);
});
