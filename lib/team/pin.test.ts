import { beforeEach, describe, expect, test, vi } from "vitest";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { makeMember, makePerson, makeSession, makeStore } from "@/lib/test/factories";
import { changeRole, leaveTeam, removeMember } from "./change-member";
import { checkPin } from "./check-pin";
import { currentSeller } from "./current-seller";
import { requirePermission } from "./require-permission";
import { parseNewPin } from "./rules";
import { setPin, unlockPin } from "./set-pin";
import { lockTill, shareTill, unlockTill, unshareTill } from "./share-till";
import { getSharedTill, tillPulse } from "./till-queries";

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? { code: error.code, ...error.details } : error),
  );
const codeOf = async (promise: Promise<unknown>) => {
  const failure = await failureOf(promise);
  return failure && typeof failure === "object" && "code" in failure ? failure.code : failure;
};
const pinRow = async (storeId: string, userId: string) => (await sql<{ pin_hash: string; failed_attempts: number; locked: boolean }[]>`SELECT pin_hash, failed_attempts, locked_at IS NOT NULL AS locked FROM store_pins WHERE store_id = ${storeId} AND user_id = ${userId}`)[0];

let storeId: string;
let owner: Actor;
let admin: Actor;
let bia: Actor;
let lucas: Actor;
/** The counter's device: signed in as Bia, of staff. */
let device: Actor;
beforeEach(async () => {
  ({ storeId, actor: owner } = await makeStore());
  admin = (await makeMember(storeId, "admin", { name: "João Vieira" })).actor;
  bia = (await makeMember(storeId, "staff", { name: "Bia Ramos" })).actor;
  lucas = (await makeMember(storeId, "staff", { name: "Lucas Amorim" })).actor;
  device = await makeSession(bia);
});
const share = async (who = device) => {
  await setPin(who, { storeId, pin: "2580" });
  await shareTill(who, { storeId, tillId: null, idleMinutes: 5 });
  return { ...who, sharedStoreId: storeId };
};

test.each(["1234", "4321", "0123", "9876", "1111", "000000", "1212", "123123", "1122", "1221", "1998", "2024", "123", "1234567", "12a4", "", "１２３４"])("%s is no PIN", (pin) => {
  expect(() => parseNewPin(pin)).toThrow(DomainError);
});
test.each(["2580", "7391", "48260", "902817", "1352"])("%s is one", (pin) => {
  expect(parseNewPin(pin)).toBe(pin);
});

describe("a PIN", () => {
  test("is kept as a hash that the table alone does not give away, and another each time", async () => {
    await setPin(bia, { storeId, pin: "2580" });
    const first = await pinRow(storeId, bia.userId);
    expect(first?.pin_hash).toMatch(/^scrypt\$16384\$8\$[\w-]{22}\$[\w-]{43}$/);
    await setPin(lucas, { storeId, pin: "2580" });
    expect((await pinRow(storeId, lucas.userId))?.pin_hash).not.toBe(first?.pin_hash);
    expect(await checkPin(device, { storeId, userId: bia.userId, pin: "2580" })).toBe("staff");
    // A hash that was moved to another's row is nobody's.
    await sql`UPDATE store_pins SET pin_hash = ${first!.pin_hash} WHERE user_id = ${lucas.userId}`;
    expect(await codeOf(checkPin(device, { storeId, userId: lucas.userId, pin: "2580" }))).toBe("pin_wrong");
  });

  test("is locked by five wrong tries, also for the right one, until its person sets another or a manager unlocks it", async () => {
    await setPin(bia, { storeId, pin: "2580" });
    for (const triesLeft of [4, 3, 2, 1]) expect(await failureOf(checkPin(device, { storeId, userId: bia.userId, pin: "0000" }))).toEqual({ code: "pin_wrong", triesLeft });
    expect(await codeOf(checkPin(device, { storeId, userId: bia.userId, pin: "9999" }))).toBe("pin_locked");
    expect(await codeOf(checkPin(device, { storeId, userId: bia.userId, pin: "2580" }))).toBe("pin_locked");
    expect(await sql`SELECT 1 FROM audit_logs WHERE action = 'team.pin_locked' AND user_id = ${bia.userId}`).toHaveLength(1);
    expect(await codeOf(unlockPin(lucas, { storeId, userId: bia.userId }))).toBe("forbidden");
    await unlockPin(admin, { storeId, userId: bia.userId });
    await checkPin(device, { storeId, userId: bia.userId, pin: "2580" });
    expect(await pinRow(storeId, bia.userId)).toMatchObject({ failed_attempts: 0, locked: false });
    for (let count = 0; count < 5; count += 1) await codeOf(checkPin(device, { storeId, userId: bia.userId, pin: "0000" }));
    await setPin(bia, { storeId, pin: "7391" });
    await checkPin(device, { storeId, userId: bia.userId, pin: "7391" });
    // An admin does not unlock the owner's.
    await setPin(owner, { storeId, pin: "7391" });
    expect(await codeOf(unlockPin(admin, { storeId, userId: owner.userId }))).toBe("forbidden");
    expect(await codeOf(unlockPin(admin, { storeId, userId: lucas.userId }))).toBe("pin_missing");
  });

  test("is not guessed by a hundred tries at once", async () => {
    await setPin(bia, { storeId, pin: "2580" });
    const sessions = await Promise.all(Array.from({ length: 5 }, () => makeSession(bia)));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => codeOf(checkPin(sessions[index % 5]!, { storeId, userId: bia.userId, pin: index === 60 ? "2580" : String(3_000 + index) }))));
    // Five were looked at; the right one among the later ones learned nothing.
    expect(answers.filter((code) => code === "pin_wrong")).toHaveLength(4);
    expect(answers.filter((code) => code === "pin_locked").length).toBeGreaterThanOrEqual(95);
    expect(await pinRow(storeId, bia.userId)).toMatchObject({ failed_attempts: 5, locked: true });
  });

  test("is tried a bounded number of times from one device, over everybody", async () => {
    for (const person of [bia, lucas, admin, owner]) await setPin(person, { storeId, pin: "2580" });
    const codes = [];
    for (let count = 0; count < 31; count += 1) codes.push(await codeOf(checkPin(device, { storeId, userId: [bia, lucas, admin, owner][count % 4]!.userId, pin: "0000" })));
    expect(codes.at(-1)).toBe("too_many_requests");
  });

  test("never stands in an answer, a log line or the trail", async () => {
    const written: string[] = [];
    const spies = (["stdout", "stderr"] as const).map((stream) => vi.spyOn(process[stream], "write").mockImplementation((text) => Boolean(written.push(String(text)))));
    const till = await share();
    await setPin(lucas, { storeId, pin: "739146" });
    const answers = [await failureOf(unlockTill(till, { storeId, userId: lucas.userId, pin: "739147" })), await unlockTill(till, { storeId, userId: lucas.userId, pin: "739146" }), await getSharedTill(till, storeId), await tillPulse(till, { storeId, isTouched: true })];
    for (const spy of spies) spy.mockRestore();
    const rows = await sql`SELECT old_values, new_values, metadata FROM audit_logs WHERE resource_id = ${storeId}`;
    const events = await sql`SELECT properties FROM analytics_events`;
    const text = JSON.stringify([answers, rows, events, written]);
    for (const secret of ["739146", "739147", "2580", "scrypt$"]) expect(text).not.toContain(secret);
  });

  test("is not chosen on a device that is held back: the counter's device, which is trusted, would open to whoever has only the number", async () => {
    expect(await codeOf(setPin(await makeSession(owner, { limitedHours: 24 }), { storeId, pin: "2580" }))).toBe("device_held_back");
    expect(await pinRow(storeId, owner.userId)).toBeUndefined();
  });

  test("goes with the seat", async () => {
    await setPin(lucas, { storeId, pin: "2580" });
    await removeMember(owner, { storeId, userId: lucas.userId });
    expect(await pinRow(storeId, lucas.userId)).toBeUndefined();
    expect(await codeOf(checkPin(device, { storeId, userId: lucas.userId, pin: "2580" }))).toBe("member_gone");
    expect(await codeOf(setPin(lucas, { storeId, pin: "2580" }))).toBe("not_found");
  });
});

describe("a shared till", () => {
  test("asks who sells, and the sale is that person's", async () => {
    expect(await codeOf(shareTill(device, { storeId, tillId: null, idleMinutes: 5 }))).toBe("pin_missing");
    expect(await currentSeller(db, device, storeId)).toEqual({ userId: bia.userId, tillId: null, sittingId: null });
    const till = await share();
    expect(await codeOf(currentSeller(db, till, storeId))).toBe("till_locked");
    await setPin(lucas, { storeId, pin: "7391" });
    expect(await codeOf(unlockTill(till, { storeId, userId: lucas.userId, pin: "2580" }))).toBe("pin_wrong");
    await unlockTill(till, { storeId, userId: lucas.userId, pin: "7391" });
    expect(await currentSeller(db, till, storeId)).toMatchObject({ userId: lucas.userId, sittingId: expect.any(String) });
    expect(await getSharedTill(till, storeId)).toMatchObject({ sitting: { sellerName: "Lucas", managerName: null }, ownName: "Bia R." });
    // The next person locks the one before out.
    await unlockTill(till, { storeId, userId: bia.userId, pin: "2580" });
    expect(await currentSeller(db, till, storeId)).toMatchObject({ userId: bia.userId });
    await lockTill(till, { storeId });
    expect(await codeOf(currentSeller(db, till, storeId))).toBe("till_locked");
    // Elsewhere Lucas sells on his own phone as ever.
    expect(await currentSeller(db, lucas, storeId)).toMatchObject({ userId: lucas.userId });
    expect(await sql`SELECT user_id, ended_at IS NOT NULL AS ended FROM till_sittings WHERE store_id = ${storeId} ORDER BY id`).toEqual([
      { user_id: lucas.userId, ended: true },
      { user_id: bia.userId, ended: true },
    ]);
  });

  test("locks by itself when nobody touches it; a touch afterwards does not open it", async () => {
    const till = await share();
    await unlockTill(till, { storeId, userId: bia.userId, pin: "2580" });
    expect((await tillPulse(till, { storeId, isTouched: true })).sittingId).not.toBeNull();
    await sql`UPDATE till_sittings SET last_used_at = now() - interval '5 minutes 1 second' WHERE session_id = ${till.sessionId}`;
    expect(await tillPulse(till, { storeId, isTouched: true })).toEqual({ sittingId: null });
    expect(await codeOf(currentSeller(db, till, storeId))).toBe("till_locked");
    expect((await getSharedTill(till, storeId))?.sitting).toBeNull();
    await unlockTill(till, { storeId, userId: bia.userId, pin: "2580" });
    expect(await currentSeller(db, till, storeId)).toMatchObject({ userId: bia.userId });
  });

  test("a manager stands in with the own PIN, on the record; nobody else may", async () => {
    const till = await share();
    await setPin(admin, { storeId, pin: "7391" });
    await setPin(lucas, { storeId, pin: "7391" });
    expect(await codeOf(unlockTill(till, { storeId, userId: lucas.userId, pin: "2580", overrideBy: bia.userId }))).toBe("forbidden");
    expect(await codeOf(unlockTill(till, { storeId, userId: lucas.userId, pin: "2580", overrideBy: admin.userId }))).toBe("pin_wrong");
    await unlockTill(till, { storeId, userId: lucas.userId, pin: "7391", overrideBy: admin.userId });
    expect(await currentSeller(db, till, storeId)).toMatchObject({ userId: lucas.userId });
    expect(await getSharedTill(till, storeId)).toMatchObject({ sitting: { sellerName: "Lucas", managerName: "João" } });
    expect(await sql`SELECT user_id, new_values->>'sellerId' AS seller FROM audit_logs WHERE action = 'till.overridden' AND resource_id = ${storeId}`).toEqual([{ user_id: admin.userId, seller: lucas.userId }]);
    // Who was let in by somebody who no longer may is out.
    await changeRole(await (async () => { await sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${owner.sessionId}`; return owner; })(), { storeId, userId: admin.userId, role: "staff" });
    expect(await codeOf(currentSeller(db, till, storeId))).toBe("till_locked");
  });

  test("whoever is removed sells no more, at once, and a till that is signed in as that person is signed out", async () => {
    const till = await share();
    await setPin(lucas, { storeId, pin: "7391" });
    await unlockTill(till, { storeId, userId: lucas.userId, pin: "7391" });
    await removeMember(owner, { storeId, userId: lucas.userId });
    expect(await codeOf(currentSeller(db, till, storeId))).toBe("till_locked");
    expect(await tillPulse(till, { storeId, isTouched: false })).toEqual({ sittingId: null });
    await removeMember(owner, { storeId, userId: bia.userId });
    expect(await sql`SELECT revoked_at IS NOT NULL AS gone FROM sessions WHERE id = ${till.sessionId}`).toEqual([{ gone: true }]);
    // Bia's own phone stays signed in.
    expect(await sql`SELECT revoked_at IS NOT NULL AS gone FROM sessions WHERE id = ${bia.sessionId}`).toEqual([{ gone: false }]);
    expect(await sql`SELECT 1 FROM shared_tills WHERE store_id = ${storeId}`).toHaveLength(0);
  });

  test("may sell and nothing else, even when the owner is signed in there, until the owner's PIN", async () => {
    const till = await share(await makeSession(owner));
    for (const permission of ["till.use", "charges.make", "code.check", "payments.view_today"] as const) expect(await requirePermission(db, till, storeId, permission)).toBe("staff");
    for (const permission of ["payments.view_all", "refunds.make", "payouts.manage", "team.manage_staff", "settings.manage", "pin.set", "tills.share", "team.leave", "ownership.transfer", "balance.view"] as const)
      expect([permission, await codeOf(requirePermission(db, till, storeId, permission))]).toEqual([permission, "forbidden"]);
    const other = await makeStore();
    await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${other.storeId}, ${owner.userId}, 'owner', now())`;
    expect(await codeOf(requirePermission(db, till, other.storeId, "till.use"))).toBe("forbidden");
    // Nobody at the counter gives the owner another PIN, and leaves for nobody.
    expect(await codeOf(setPin(till, { storeId, pin: "7391" }))).toBe("forbidden");
    expect(await codeOf(leaveTeam(till, { storeId }))).toBe("forbidden");
    await setPin(bia, { storeId, pin: "7391" });
    expect(await codeOf(unshareTill(till, { storeId, pin: "7391" }))).toBe("pin_wrong");
    await unshareTill(till, { storeId, pin: "2580" });
    expect(await sql`SELECT 1 FROM shared_tills WHERE session_id = ${till.sessionId}`).toHaveLength(0);
    expect(await requirePermission(db, { ...till, sharedStoreId: null }, storeId, "payouts.manage")).toBe("owner");
  });

  test("is a till of this store, and strangers share and open none", async () => {
    const { actor: outsider } = await makePerson();
    expect(await codeOf(shareTill(outsider, { storeId, tillId: null, idleMinutes: 5 }))).toBe("not_found");
    await setPin(device, { storeId, pin: "2580" });
    expect(await codeOf(shareTill(device, { storeId, tillId: null, idleMinutes: 600 }))).toBe("invalid_input");
    const other = await makeStore();
    const [till] = await sql<{ id: string }[]>`INSERT INTO tills (id, store_id, name, created_by) VALUES (gen_random_uuid(), ${other.storeId}, 'Caixa 1', ${other.actor.userId}) RETURNING id`;
    expect(await codeOf(shareTill(device, { storeId, tillId: till!.id, idleMinutes: 5 }))).toBe("invalid_input");
    expect(await codeOf(unlockTill(device, { storeId, userId: bia.userId, pin: "2580" }))).toBe("not_found");
    expect(await codeOf(unlockTill({ ...outsider, sharedStoreId: storeId }, { storeId, userId: bia.userId, pin: "2580" }))).toBe("not_found");
  });
});
