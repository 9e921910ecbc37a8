import postgres from "postgres";
import { afterAll, expect, test } from "vitest";
import { closeDatabase, sql } from "@/db/client";
import { readLines } from "@/lib/exports/read-lines";
import { readPayoutLines } from "@/lib/exports/payouts-csv";
import { makeStore } from "@/lib/test/factories";
import { makePaidRefund, makeSale, settleAgain, takeBack } from "@/lib/test/store-sales";
import { readCustomers, readFigures, readItemsSold, windowOf } from "./read-figures";
import { rollUpStats } from "./roll-up";

const admin = postgres(process.env["DATABASE_URL"] ?? "", { max: 1, onnotice: () => {} });
afterAll(() => admin.end());

/** The same database as one of the two processes' logins sees it, from the next connection on. */
async function as(role: "cocopay_web" | "cocopay_worker") {
  await admin.unsafe(`ALTER DATABASE ${new URL(process.env["DATABASE_URL"] ?? "").pathname.slice(1)} SET role TO ${role}`);
  await closeDatabase();
}

test("the web process reads every figure and writes none; the worker notes changes and rolls them up", async () => {
  const { storeId, actor } = await makeStore();
  const item = { itemId: storeId, name: "Pão", quantity: 1, unitBrlCentavos: "100" };
  const sale = await makeSale({ storeId, payerId: actor.userId, at: new Date(), brl: null, usd: 7_000_000n, tipUsd: 1_000n, rewardUsd: 100n, sellerId: actor.userId, items: [item] });
  await makePaidRefund({ storeId, originalId: sale.id, requestedBy: actor.userId, amountUsdMicros: 1n, amountBrlCentavos: 1n });
  await as("cocopay_worker");
  expect(await sql`SELECT current_user AS role`).toEqual([{ role: "cocopay_worker" }]);
  await takeBack(sale.id);
  await settleAgain(sale.id, new Date());
  await rollUpStats();
  await sql`UPDATE refunds SET completed_at = now() WHERE store_id = ${storeId}`;
  await as("cocopay_web");
  expect(await sql`SELECT current_user AS role`).toEqual([{ role: "cocopay_web" }]);
  const window = await windowOf({ id: storeId, timeZone: "America/Sao_Paulo" }, { from: "2026-01-01", to: "2099-01-01" });
  expect((await readFigures(window, { withHours: true })).total).toMatchObject({ saleCount: 1, refundCount: 1 });
  expect(await readItemsSold(window, { limit: 5 })).toHaveLength(1);
  expect(await readCustomers(window)).toEqual({ unique: 1, returning: 0 });
  for await (const page of readLines(window)) expect(page).toHaveLength(2);
  for await (const page of readPayoutLines(window)) expect(page).toHaveLength(0);
  for (const table of ["store_hourly_stats", "store_hourly_items", "store_customers", "store_stats_changes"]) await expect(sql.unsafe(`DELETE FROM ${table}`)).rejects.toThrow(/permission denied/);
});
