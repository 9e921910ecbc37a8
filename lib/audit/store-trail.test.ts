import { beforeEach, describe, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { audit } from "@/lib/i18n/messages/audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { changeSettings } from "@/lib/stores/change-settings";
import { getSettings } from "@/lib/stores/settings";
import { makePerson, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { AUDIT_ACTIONS, recordAudit, type AuditEntry } from "./record-audit";
import { TRAIL_KINDS } from "./rules";
import { getStoreTrail } from "./store-trail";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const note = (entry: AuditEntry) => db.transaction((tx) => recordAudit(tx, entry));

let owner: Actor;
let storeId: string;
beforeEach(async () => {
  ({ actor: owner, storeId } = await makeStore());
});
const actionsOf = async (filter?: Parameters<typeof getStoreTrail>[2]) => (await getStoreTrail(owner, storeId, filter)).lines.map(({ action }) => action);

describe("what an owner reads", () => {
  test("lines of the store and of its payments, charges, refunds and payouts, and nobody else's", async () => {
    const { id: paymentId } = await makePayment({ storeId });
    const other = await makeStore();
    const { id: foreignId } = await makePayment({ storeId: other.storeId });
    await note({ action: "store.logo_changed", userId: owner.userId, resourceType: "store", resourceId: storeId });
    await note({ action: "payment.reorganised", resourceType: "transaction", resourceId: paymentId });
    await note({ action: "till.added", userId: owner.userId, resourceType: "till", resourceId: newId(), newValues: { store_id: storeId, name: "Balcão" } });
    await note({ action: "charge.cancelled", userId: owner.userId, resourceType: "charge", resourceId: newId(), metadata: { store_id: storeId } });
    await note({ action: "store.closed", userId: other.actor.userId, resourceType: "store", resourceId: other.storeId });
    await note({ action: "payment.reorganised", resourceType: "transaction", resourceId: foreignId });
    // An account's own life is not the store's business, and a payer's tap stands in the list of payments.
    await note({ action: "session.started", userId: owner.userId, resourceType: "session", resourceId: newId() });
    await sql`INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id) VALUES (${newId()}, ${owner.userId}, 'payment.confirmed_by_payer', 'transaction', ${paymentId})`;
    await note({ action: "store.closed", userId: owner.userId, resourceType: "store", resourceId: newId(), metadata: { storeId: "' OR 1=1" } });
    expect(await actionsOf()).toEqual(["charge.cancelled", "till.added", "payment.reorganised", "store.logo_changed"]);
    expect(await actionsOf({ kind: "till" })).toEqual(["charge.cancelled", "till.added"]);
    expect(await actionsOf({ kind: "money" })).toEqual(["payment.reorganised"]);
    expect(await actionsOf({ personId: owner.userId })).toEqual(["charge.cancelled", "till.added", "store.logo_changed"]);
    expect(await actionsOf({ personId: newId() })).toEqual([]);
  });

  test("a change of settings comes with what was and what is; secrets, sessions and devices do not", async () => {
    const { versions } = await getSettings(owner, storeId);
    await changeSettings(owner, storeId, versions.profile, { section: "profile", name: "Café Novo", description: "", category: "cafe", rewardNote: "" });
    await note({ action: "team.invited", userId: owner.userId, resourceType: "store", resourceId: storeId, ip: "198.51.100.7", userAgent: "secret agent", newValues: { invitationId: newId(), role: "admin", phone: "+5548999990001", tokenHash: "hush", sessionId: newId() } });
    const { lines, people } = await getStoreTrail(owner, storeId);
    expect(lines[0]).toMatchObject({ action: "team.invited", after: { role: "admin", phone: "•••• 0001" } });
    expect(lines[1]).toMatchObject({ action: "store.settings_changed", person: { name: "Bia" }, before: { name: "Café da Praia" }, after: { name: "Café Novo" }, about: { section: "profile" } });
    expect(people).toEqual([{ id: owner.userId, name: "Bia" }]);
    expect(JSON.stringify(lines)).not.toMatch(/198\.51|secret agent|hush|99999|invitationId|sessionId/);
  });

  test("a hundred lines in two pages by key, none twice, also when many share an instant", async () => {
    const at = new Date();
    for (let index = 0; index < 100; index += 1) {
      await sql`INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, created_at) VALUES (${newId()}, ${owner.userId}, 'store.logo_changed', 'store', ${storeId}, ${new Date(at.getTime() - (index % 3))})`;
    }
    const first = await getStoreTrail(owner, storeId);
    const second = await getStoreTrail(owner, storeId, { before: first.next });
    expect([first.lines.length, second.lines.length, second.next]).toEqual([50, 50, null]);
    expect(new Set([...first.lines, ...second.lines].map(({ id }) => id)).size).toBe(100);
  });

  test("admin and staff are refused, strangers find nothing, a key that is none finds nothing", async () => {
    for (const role of ["admin", "staff"] as const) {
      const { actor } = await makePerson();
      await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${actor.userId}, ${role}, now())`;
      expect(await codeOf(getStoreTrail(actor, storeId))).toBe("forbidden");
    }
    expect(await codeOf(getStoreTrail((await makePerson()).actor, storeId))).toBe("not_found");
    expect(await codeOf(getStoreTrail(owner, storeId, { before: "1; DROP TABLE users" }))).toBe("not_found");
    expect(await actionsOf()).toContain("permission.refused");
  });
});

test("the two processes read the list and can't write it", async () => {
  for (const role of ["cocopay_web", "cocopay_worker"]) {
    await expect(
      sql.begin(async (tx) => {
        await tx.unsafe(`SET LOCAL ROLE ${role}`);
        await tx`DELETE FROM store_audit_lines`;
      }),
    ).rejects.toThrow(/permission denied/);
    await sql.begin(async (tx) => {
      await tx.unsafe(`SET LOCAL ROLE ${role}`);
      await tx`INSERT INTO audit_logs (id, action, resource_type, resource_id) VALUES (${newId()}, 'store.logo_changed', 'store', ${storeId})`;
    });
  }
  expect(await actionsOf()).toEqual(["store.logo_changed", "store.logo_changed"]);
});

/** Words that can be about a store, and so need their sentence. */
const OF_STORES = /^(store|team|till|till_pix|item|items|charge|refund|payout|payout_destination|guest_payment|permission)\./;
const ELSEWHERE = new Set(["guest_payment.joined", "guest_payment.charge_held", "guest_payment.charge_released"]);

test("every word of a store's trail has its sentence and its kind", () => {
  const words = AUDIT_ACTIONS.filter((action) => OF_STORES.test(action) && !ELSEWHERE.has(action));
  const sentences: Record<string, string> = audit["pt-BR"].actions;
  expect(words.filter((action) => !(action.replaceAll(".", "_") in sentences))).toEqual([]);
  const patterns = Object.values(TRAIL_KINDS).flat().map((like) => new RegExp(`^${like.replaceAll("\\_", "_").replaceAll(".", "\\.").replaceAll("%", ".*")}$`));
  expect(words.filter((action) => patterns.filter((pattern) => pattern.test(action)).length !== 1)).toEqual([]);
});
