import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { chargeRowOf, makeChargeOf } from "@/lib/test/charge-world";
import { makePerson, makeRate, makeStore } from "@/lib/test/factories";
import { findCharge } from "./payable-charge";
import { TILLS_MAX } from "./rules";
import { addTill, findTill, listTills, removeTill } from "./tills";
import { db } from "@/db/client";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );

test("a till is named by an owner or admin, chosen by all, and removed without taking its sales along", async () => {
  await makeRate();
  const store = await makeStore();
  const staff = (await makePerson()).actor;
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${staff.userId}, 'staff', now())`;
  const { id } = await addTill(store.actor, { storeId: store.storeId, name: "  Caixa   1 " });
  expect(await listTills(staff, store.storeId)).toEqual([{ id, name: "Caixa 1" }]);
  expect(await codeOf(addTill(staff, { storeId: store.storeId, name: "Caixa 2" }))).toBe("forbidden");
  expect(await codeOf(removeTill(staff, { storeId: store.storeId, tillId: id }))).toBe("forbidden");
  expect(await codeOf(listTills((await makePerson()).actor, store.storeId))).toBe("not_found");
  for (const name of ["", "   ", "x".repeat(41), "x".repeat(500)]) expect(await codeOf(addTill(store.actor, { storeId: store.storeId, name }))).toMatch(/name_invalid|note_too_long/);
  expect(await codeOf(addTill(store.actor, { storeId: store.storeId, name: "CAIXA 1" }))).toBe("till_name_taken");

  const chargeId = await makeChargeOf({ storeId: store.storeId, actor: staff }, { tillId: id });
  await removeTill(store.actor, { storeId: store.storeId, tillId: id });
  await removeTill(store.actor, { storeId: store.storeId, tillId: id });
  expect(await findCharge(chargeId)).toMatchObject({ tillId: id, createdBy: staff.userId });
  expect(await chargeRowOf(chargeId)).toMatchObject({ payments: 0 });
  // Gone for the devices that kept it; its name is free again.
  expect(await findTill(db, store.storeId, id)).toBeNull();
  await addTill(store.actor, { storeId: store.storeId, name: "Caixa 1" });
});

test("a device's till counts only where it is the store's own", async () => {
  const [store, other] = [await makeStore(), await makeStore()];
  const { id } = await addTill(other.actor, { storeId: other.storeId, name: "Caixa 1" });
  for (const kept of [id, newId(), "nonsense", null]) expect(await findTill(db, store.storeId, kept)).toBeNull();
  expect(await codeOf(removeTill(store.actor, { storeId: store.storeId, tillId: id }))).toBe("not_found");
  expect((await findCharge(await makeChargeOf(store, { tillId: id }))).tillId).toBeNull();
});

test("there is an end to tills", async () => {
  const store = await makeStore();
  await sql`INSERT INTO tills (id, store_id, name, created_by) SELECT gen_random_uuid(), ${store.storeId}, 'Caixa ' || n, ${store.actor.userId} FROM generate_series(1, ${TILLS_MAX}::integer) n`;
  expect(await codeOf(addTill(store.actor, { storeId: store.storeId, name: "Mais um" }))).toBe("tills_limit");
});
