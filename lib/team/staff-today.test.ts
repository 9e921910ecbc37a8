import { beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { getSale } from "@/lib/sales/get-sale";
import { endPayment, makeChargeOf, payCharge } from "@/lib/test/charge-world";
import { makeMember, makePerson, makeRate, makeSession, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { setPin } from "./set-pin";
import { lockTill, shareTill, unlockTill } from "./share-till";
import { getStaffToday } from "./staff-today";

beforeAll(makeRate);

const payer = async () => (await makePerson({ dollarsUsdMicros: 100_000_000n, name: "Rafael Lima" })).actor;

test("today is the own sales beside all of today's, and nothing of other days", async () => {
  const { storeId, actor: owner } = await makeStore();
  const { actor: bia } = await makeMember(storeId, "staff", { name: "Bia Ramos" });
  const { actor: lucas } = await makeMember(storeId, "staff", { name: "Lucas Amorim" });
  for (const seller of [bia, lucas]) {
    const chargeId = await makeChargeOf({ storeId, actor: seller });
    await endPayment((await payCharge(await payer(), chargeId)).transactionId, "confirmed");
  }
  const old = await makePayment({ storeId, confirmedAt: new Date(Date.now() - 26 * 3_600_000) });
  await sql`UPDATE transactions SET created_at = now() - interval '26 hours' WHERE id = ${old.id}`;
  expect(await getStaffToday(bia, storeId)).toMatchObject({ own: { count: 1, sumBrlCentavos: 3_850n }, today: { count: 2, sumBrlCentavos: 7_700n }, sellerName: "Bia Ramos", role: "staff" });
  const found = await getStaffToday(bia, storeId);
  expect(found?.payments.map(({ id }) => id)).not.toContain(old.id);
  expect(Object.keys(found!)).not.toContain("balanceUsdMicros");
  expect(await getStaffToday(owner, storeId)).toMatchObject({ own: { count: 0, sumBrlCentavos: 0n }, today: { count: 2 } });
  await expect(getStaffToday((await makePerson()).actor, storeId)).rejects.toMatchObject({ code: "not_found" });
});

test("at a shared till a sale is the seller's, says who stood in, and today is that person's", async () => {
  const { storeId, actor: owner } = await makeStore();
  const { actor: bia } = await makeMember(storeId, "staff", { name: "Bia Ramos" });
  const { actor: admin } = await makeMember(storeId, "admin", { name: "João Vieira" });
  const device = await makeSession(bia);
  await setPin(device, { storeId, pin: "2580" });
  await setPin(admin, { storeId, pin: "7391" });
  await shareTill(device, { storeId, tillId: null, idleMinutes: 5 });
  const till = { ...device, sharedStoreId: storeId };
  await expect(makeChargeOf({ storeId, actor: till })).rejects.toMatchObject({ code: "till_locked" });
  expect(await getStaffToday(till, storeId)).toBeNull();
  const { actor: lucas } = await makeMember(storeId, "staff", { name: "Lucas Amorim" });
  await unlockTill(till, { storeId, userId: lucas.userId, pin: "7391", overrideBy: admin.userId });
  const chargeId = await makeChargeOf({ storeId, actor: till });
  expect(await sql`SELECT created_by, sitting_id IS NOT NULL AS sat FROM charges WHERE id = ${chargeId}`).toEqual([{ created_by: lucas.userId, sat: true }]);
  await lockTill(till, { storeId });
  const { transactionId } = await payCharge(await payer(), chargeId);
  await endPayment(transactionId, "confirmed");
  expect((await getSale(owner, storeId, transactionId)).charge).toMatchObject({ seller: "Lucas Amorim", standIn: "João Vieira" });
  await unlockTill(till, { storeId, userId: bia.userId, pin: "2580" });
  expect(await getStaffToday(till, storeId)).toMatchObject({ own: { count: 0 }, today: { count: 1 }, sellerName: "Bia R." });
  expect(await getStaffToday(lucas, storeId)).toMatchObject({ own: { count: 1 } });
});
