import { beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { removeMember } from "@/lib/team/change-member";
import { setPin } from "@/lib/team/set-pin";
import { lockTill, shareTill, unlockTill } from "@/lib/team/share-till";
import { tillPulse } from "@/lib/team/till-queries";
import { endPayment, makeChargeOf, payCharge } from "@/lib/test/charge-world";
import { makeMember, makePerson, makeRate, makeSession, makeStore } from "@/lib/test/factories";
import { cancelCharge } from "./cancel-charge";
import { chargesOfLockedTill } from "./locked-till";

beforeAll(makeRate);

let storeId: string;
let owner: Actor;
let bia: Actor;
let till: Actor;
beforeEach(async () => {
  ({ storeId, actor: owner } = await makeStore());
  bia = (await makeMember(storeId, "staff", { name: "Bia Ramos" })).actor;
  const device = await makeSession(owner);
  for (const [person, pin] of [[device, "2580"], [bia, "7391"]] as const) await setPin(person, { storeId, pin });
  await shareTill(device, { storeId, tillId: null, idleMinutes: 1 });
  till = { ...device, sharedStoreId: storeId };
  await unlockTill(till, { storeId, userId: bia.userId, pin: "7391" });
});
const payer = async () => (await makePerson({ dollarsUsdMicros: 100_000_000n, name: "Rafael Lima" })).actor;
const watched = async (actor = till) => (await chargesOfLockedTill(actor, storeId)).map(({ charge, paid }) => ({ id: charge.id, state: charge.state, isUnseen: paid?.isUnseen ?? null }));
const idle = () => sql`UPDATE till_sittings SET last_used_at = now() - interval '61 seconds' WHERE store_id = ${storeId} AND ended_at IS NULL`;

test("a till that locked itself follows its charge from waiting to paid, with the payment's own amount and code", async () => {
  const chargeId = await makeChargeOf({ storeId, actor: till }, { isTipAllowed: true });
  expect(await watched()).toEqual([]);
  await idle();
  expect(await tillPulse(till, { storeId, isTouched: true })).toEqual({ sittingId: null });
  expect(await watched()).toEqual([{ id: chargeId, state: "open", isUnseen: null }]);
  const { transactionId } = await payCharge(await payer(), chargeId, { tip: "10" });
  expect(await watched()).toEqual([{ id: chargeId, state: "paying", isUnseen: null }]);
  await endPayment(transactionId, "confirmed");
  const [{ code }] = await sql<[{ code: string }]>`SELECT confirmation_code AS code FROM transactions WHERE id = ${transactionId}`;
  expect(await chargesOfLockedTill(till, storeId)).toMatchObject([{ charge: { id: chargeId, state: "paid" }, paid: { code, amountBrlCentavos: 4_235n, isUnseen: true } }]);
  // A reorganisation of the chain takes the green away.
  await sql`UPDATE transactions SET status = 'pending', confirmed_at = NULL WHERE id = ${transactionId}`;
  expect(await watched()).toEqual([{ id: chargeId, state: "paying", isUnseen: null }]);
  await unlockTill(till, { storeId, userId: bia.userId, pin: "7391" });
  expect(await watched()).toEqual([]);
});

test("what was paid and seen long before the lock is not news; what is over, and other devices' charges, are not watched", async () => {
  const paid = await makeChargeOf({ storeId, actor: till });
  await endPayment((await payCharge(await payer(), paid)).transactionId, "confirmed");
  await sql`UPDATE transactions SET confirmed_at = now() - interval '2 minutes' WHERE charge_id = ${paid}`;
  const cancelled = await makeChargeOf({ storeId, actor: till }, { key: crypto.randomUUID() });
  await cancelCharge(till, { storeId, chargeId: cancelled });
  const expired = await makeChargeOf({ storeId, actor: till }, { key: crypto.randomUUID() });
  await sql`UPDATE charges SET expires_at = now() - interval '1 second' WHERE id = ${expired}`;
  await makeChargeOf({ storeId, actor: bia }, { key: crypto.randomUUID() });
  await lockTill(till, { storeId });
  expect(await watched()).toEqual([{ id: paid, state: "paid", isUnseen: false }]);
  // Only the device itself: not its person's other ones, not a colleague, not a stranger.
  expect(await watched(owner)).toEqual([]);
  expect(await watched(bia)).toEqual([]);
  await expect(chargesOfLockedTill((await makePerson()).actor, storeId)).rejects.toMatchObject({ code: "not_found" });
  await expect(chargesOfLockedTill({ ...till, sharedStoreId: (await makeStore()).storeId }, storeId)).rejects.toMatchObject({ code: "forbidden" });
});

test("a removed seller's till is locked at the next pulse, and the charge left behind still turns green", async () => {
  const chargeId = await makeChargeOf({ storeId, actor: till });
  await removeMember(owner, { storeId, userId: bia.userId });
  expect(await tillPulse(till, { storeId, isTouched: true })).toEqual({ sittingId: null });
  await expect(makeChargeOf({ storeId, actor: till }, { key: crypto.randomUUID() })).rejects.toMatchObject({ code: "till_locked" });
  await endPayment((await payCharge(await payer(), chargeId)).transactionId, "confirmed");
  expect(await watched()).toEqual([{ id: chargeId, state: "paid", isUnseen: true }]);
});
