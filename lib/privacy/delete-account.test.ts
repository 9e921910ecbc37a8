import { beforeEach, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { discardKey } from "@/lib/accounts/discard-key";
import { provisionAccount } from "@/lib/accounts/provision-account";
import { recordEvent } from "@/lib/analytics/record-event";
import type { Actor } from "@/lib/auth/actor";
import { sendSignInCode } from "@/lib/auth/send-sign-in-code";
import { markSteppedUp } from "@/lib/auth/step-up";
import { verifySignInCode } from "@/lib/auth/verify-sign-in-code";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { notify, queueMessage } from "@/lib/notifications/notify";
import { checkCode } from "@/lib/payments/check-code";
import { listSales } from "@/lib/sales/queries";
import { getTill } from "@/lib/stores/queries";
import { makePerson, makeSession, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { deleteAccount } from "./delete-account";
import { setNameHidden } from "./hide-name";
import { getMyData, whatIsLeft } from "./queries";
import { setConsent } from "./set-consent";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
async function signedIn(options?: Parameters<typeof makePerson>[0]): Promise<Actor> {
  const actor = await makeSession((await makePerson(options)).actor);
  await db.transaction((tx) => markSteppedUp(tx, actor, "passkey"));
  return actor;
}
const visitor = { ip: "203.0.113.9", userAgent: "test", deviceId: "D".repeat(22), locale: "pt-BR" as const };
let addresses = 0;
async function signUp(phone: string) {
  const from = { ...visitor, ip: `203.0.113.${(addresses += 1)}` };
  await sendSignInCode(from, { phone, country: "BR" });
  const [sent] = await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${phone} ORDER BY id DESC LIMIT 1`;
  return verifySignInCode(from, { phone, code: /#(\d{6})$/.exec(sent!.body)![1]! });
}
const userOf = async (userId: string) => (await sql`SELECT phone, name, email, backup_owner_phone, deleted_at IS NOT NULL AS gone, frozen_at IS NOT NULL AS frozen, phone_verified_at, last_active_at FROM users WHERE id = ${userId}`)[0];

let me: Actor;
beforeEach(async () => {
  me = await signedIn({ name: "Marina Souza" });
});

test("deleting asks for a second factor, and a refusal changes nothing", async () => {
  const actor = await makeSession((await makePerson()).actor);
  expect(await codeOf(deleteAccount(actor, { givesUpBalance: true }))).toBe("step_up_required");
  expect(await userOf(actor.userId)).toMatchObject({ phone: actor.phone, gone: false });
});

test("an owner of a store is refused until it has another owner or is closed; staff just leave", async () => {
  const { storeId } = await makeStore();
  await sql`UPDATE store_members SET user_id = ${me.userId} WHERE store_id = ${storeId}`;
  expect(await codeOf(deleteAccount(me, { givesUpBalance: true }))).toBe("stores_owned");
  expect((await whatIsLeft(me)).ownedStores).toEqual([{ id: storeId, name: "Café da Praia", isClosed: false }]);
  await sql`UPDATE store_members SET role = 'staff' WHERE store_id = ${storeId}`;
  await deleteAccount(me, { givesUpBalance: false });
  expect(await sql`SELECT 1 FROM store_members WHERE user_id = ${me.userId}`).toHaveLength(0);
});

test("a payment under way, and any other operation of the account, is waited for", async () => {
  const { storeId } = await makeStore();
  const { id } = await makePayment({ storeId, payerId: me.userId, status: "pending" });
  expect(await codeOf(deleteAccount(me, { givesUpBalance: true }))).toBe("payments_open");
  await sql`UPDATE transactions SET status = 'failed' WHERE id = ${id}`;
  const [account] = await sql<{ address: string }[]>`SELECT address FROM smart_accounts WHERE user_id = ${me.userId} AND chain_id = '84532'`;
  const operationId = newId();
  await sql`INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key, status) VALUES (${operationId}, '84532', 'owner_change', ${newId()}, ${account!.address}, 7, 'prepared')`;
  expect(await codeOf(deleteAccount(me, { givesUpBalance: true }))).toBe("payments_open");
  await sql`UPDATE user_operations SET status = 'expired' WHERE id = ${operationId}`;
  await deleteAccount(me, { givesUpBalance: false });
});

test("what is left must be given up knowingly, also less than a cent", async () => {
  for (const dollarsUsdMicros of [12_340_000n, 1n]) {
    const actor = await signedIn({ dollarsUsdMicros });
    const refusal = await deleteAccount(actor, { givesUpBalance: false }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "balance_left", details: { amountUsdMicros: dollarsUsdMicros.toString() } });
    await deleteAccount(actor, { givesUpBalance: true });
    expect(await userOf(actor.userId)).toMatchObject({ gone: true });
  }
});

test("everything that tells who it was is gone; the row, the payments and the trail stay", async () => {
  const { storeId, actor: owner } = await makeStore();
  const paid = await makePayment({ storeId, payerId: me.userId });
  const { actor: friend } = await makePerson({ name: "Rita" });
  await sql`UPDATE users SET email = 'marina@example.com', backup_owner_phone = '+5548999990000' WHERE id = ${me.userId}`;
  await sql`INSERT INTO passkeys (user_id, credential_id, public_key) VALUES (${me.userId}, ${newId()}, '\\x01')`;
  await sql`INSERT INTO wallets (id, user_id, address, chain_id, is_contract) VALUES (${newId()}, ${me.userId}, ${`0x${"cd".repeat(20)}`}, '84532', false)`;
  await sql`INSERT INTO account_owners (id, user_id, kind, address, proof) VALUES (${newId()}, ${me.userId}, 'wallet', ${`0x${"cd".repeat(20)}`}, 'proof')`;
  await sql`INSERT INTO step_up_waits (id, user_id, session_id, purpose, ready_at, expires_at) VALUES (${newId()}, ${me.userId}, ${me.sessionId}, 'payout', now(), now())`;
  await sql`INSERT INTO sign_in_codes (id, phone, code_hash, expires_at) VALUES (${newId()}, ${me.phone}, 'x', now())`;
  await sql`INSERT INTO sandbox_messages (id, to_phone, body) VALUES (${newId()}, ${me.phone}, 'code')`;
  await sql`UPDATE sessions SET ip_address = '198.51.100.7', device_info = '{"os":"Android"}' WHERE id = ${me.sessionId}`;
  await sql`INSERT INTO backup_requests (id, user_id, phone, token_hash, status, expires_at) VALUES (${newId()}, ${me.userId}, '+5548999990000', ${newId()}, 'accepted', now())`;
  await sql`INSERT INTO backup_requests (id, user_id, phone, token_hash, status, accepted_by, expires_at) VALUES (${newId()}, ${friend.userId}, ${me.phone}, ${newId()}, 'accepted', ${me.userId}, now())`;
  await sql`UPDATE users SET backup_owner_phone = ${me.phone} WHERE id = ${friend.userId}`;
  await db.transaction(async (tx) => {
    await notify(tx, { userId: me.userId, kind: "passkey_added" });
    await queueMessage(tx, { to: me.phone, body: "CocoPay: oi" });
    await recordEvent(tx, { name: "signed_in", userId: me.userId, ip: "198.51.100.7", userAgent: "test" });
  });

  await deleteAccount(me, { givesUpBalance: false });

  const user = await userOf(me.userId);
  expect(user).toMatchObject({ name: null, email: null, backup_owner_phone: null, gone: true, frozen: true, phone_verified_at: null, last_active_at: null });
  expect(user!["phone"]).toMatch(/^deleted:[0-9a-f]{12}$/);
  expect(await sql`SELECT DISTINCT revoked_at IS NOT NULL AS ended, ip_address, device_info, device_hash FROM sessions WHERE user_id = ${me.userId}`).toEqual([{ ended: true, ip_address: null, device_info: null, device_hash: null }]);
  for (const table of ["passkeys", "wallets", "account_owners", "step_up_waits", "notices", "backup_requests", "analytics_events"]) expect([table, await sql`SELECT 1 FROM ${sql(table)} WHERE user_id = ${me.userId}`]).toEqual([table, []]);
  for (const [table, column] of [["sign_in_codes", "phone"], ["sandbox_messages", "to_phone"], ["outgoing_messages", "to_phone"], ["backup_requests", "phone"], ["users", "backup_owner_phone"]] as const) expect([table, await sql`SELECT 1 FROM ${sql(table)} WHERE ${sql(column)} = ${me.phone}`]).toEqual([table, []]);
  expect(await sql`SELECT 1 FROM analytics_events WHERE ip_address = '198.51.100.7'`).toHaveLength(0);
  expect(await sql`SELECT kind FROM notices WHERE user_id = ${friend.userId}`).toEqual([{ kind: "backup_removed" }]);

  expect(await sql`SELECT from_user_id, status FROM transactions WHERE id = ${paid.id}`).toEqual([{ from_user_id: me.userId, status: "confirmed" }]);
  const [line] = await sql`SELECT ip_address, new_values FROM audit_logs WHERE user_id = ${me.userId} AND action = 'user.deleted'`;
  expect(line).toEqual({ ip_address: null, new_values: { gaveUpUsdMicros: "0", custody: "managed" } });
  for (const payment of [(await getTill(owner, storeId)).payments[0], (await listSales(owner, storeId)).items[0]]) expect(payment).toMatchObject({ id: paid.id, payerName: null, isPayerRemoved: true });
  expect(await checkCode(owner, storeId, paid.code)).toMatchObject({ answer: "paid", payment: { payerName: null, isPayerRemoved: true } });
});

test("no table of the whole database holds the phone or the name of a deleted person, the trail neither", async () => {
  const phone = "+5548977776666";
  const { userId, sessionId } = await signUp(phone);
  const actor: Actor = { userId, sessionId, phone, name: null, locale: "pt-BR", ip: visitor.ip, userAgent: "test" };
  const { renamePerson } = await import("@/lib/auth/rename-person");
  await renamePerson(actor, "Zuleica Inconfundível");
  await db.transaction((tx) => markSteppedUp(tx, actor, "passkey"));
  await deleteAccount({ ...actor, name: "Zuleica Inconfundível" }, { givesUpBalance: false });
  const tables = await sql<{ name: string }[]>`SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`;
  const found = [];
  for (const { name } of tables)
    for (const word of [phone, phone.slice(1), "Zuleica"]) {
      const rows = await sql.unsafe(`SELECT 1 FROM public."${name}" t WHERE t::text LIKE '%' || $1 || '%' LIMIT 1`, [word]);
      if (rows.length > 0) found.push(`${name}: ${word}`);
    }
  expect(tables.length).toBeGreaterThan(30);
  expect(found).toEqual([]);
});

test("the phone signs up anew as somebody else, with nothing of before, and the old session is refused", async () => {
  const phone = "+5548977775555";
  const before = await signUp(phone);
  const actor: Actor = { userId: before.userId, sessionId: before.sessionId, phone, name: null, locale: "pt-BR", ip: null, userAgent: null };
  await db.transaction((tx) => markSteppedUp(tx, actor, "passkey"));
  await deleteAccount(actor, { givesUpBalance: false });
  const { findSession } = await import("@/lib/auth/find-session");
  expect(await findSession(before.token)).toBeNull();
  const after = await signUp(phone);
  expect(after.userId).not.toBe(before.userId);
  expect(after).toMatchObject({ isNew: true, name: null });
  expect(await sql`SELECT 1 FROM sessions WHERE user_id = ${after.userId}`).toHaveLength(1);
  expect(await codeOf(deleteAccount(actor, { givesUpBalance: false }))).toBe("signed_out");
});

test("two deletions at once are one", async () => {
  const codes = await Promise.all([codeOf(deleteAccount(me, { givesUpBalance: false })), codeOf(deleteAccount(me, { givesUpBalance: false }))]);
  expect(codes.filter((code) => code === null)).toHaveLength(1);
  expect(await sql`SELECT 1 FROM audit_logs WHERE user_id = ${me.userId} AND action = 'user.deleted'`).toHaveLength(1);
});

test("the worker destroys the key of a deleted person, and of nobody else", async () => {
  const gone = newId();
  const here = newId();
  for (const [id, phone] of [[gone, "+5548966660001"], [here, "+5548966660002"]] as const) {
    await sql`INSERT INTO users (id, phone) VALUES (${id}, ${phone})`;
    await provisionAccount(id);
  }
  const actor = await makeSession({ ...me, userId: gone, phone: "+5548966660001" });
  await db.transaction((tx) => markSteppedUp(tx, actor, "passkey"));
  await deleteAccount(actor, { givesUpBalance: false });
  expect(await sql`SELECT 1 FROM graphile_worker.jobs WHERE key = ${`accounts.discard_key:${gone}`}`).toHaveLength(1);
  for (const id of [gone, gone, here]) await discardKey(id);
  expect(await sql`SELECT encrypted_private_key AS sealed, is_active, revoked_at IS NOT NULL AS revoked FROM signing_keys WHERE user_id = ${gone}`).toEqual([{ sealed: "destroyed", is_active: false, revoked: true }]);
  expect(await sql`SELECT is_active FROM signing_keys WHERE user_id = ${here} AND encrypted_private_key <> 'destroyed'`).toEqual([{ is_active: true }]);
  expect(await sql`SELECT 1 FROM audit_logs WHERE user_id = ${gone} AND action = 'account.key_destroyed'`).toHaveLength(1);
});

test("signing up leaves both consents with version, time and no address; the choice is given and withdrawn line by line", async () => {
  const { userId, sessionId } = await signUp("+5548977774444");
  const actor = { ...me, userId, sessionId };
  expect((await getMyData(actor)).consents).toMatchObject([
    { purpose: "terms", version: "2026-11", isGiven: true },
    { purpose: "privacy", version: "2026-11", isGiven: true },
  ]);
  for (const isGiven of [false, true, true, false]) await setConsent(actor, "product_messages", isGiven);
  expect(await sql`SELECT is_given FROM consents WHERE user_id = ${userId} AND purpose = 'product_messages' ORDER BY id`).toEqual([{ is_given: true }, { is_given: false }]);
  expect((await getMyData(actor)).consents.at(-1)).toMatchObject({ purpose: "product_messages", isGiven: false });
  expect((await sql`SELECT ip_hash FROM consents WHERE user_id = ${userId}`)[0]!["ip_hash"]).toMatch(/^[0-9a-f]{64}$/);
  expect(await sql`SELECT action FROM audit_logs WHERE user_id = ${userId} AND action LIKE 'consent.%' ORDER BY id`).toEqual([{ action: "consent.given" }, { action: "consent.withdrawn" }]);
});

test("a hidden name is hidden at once, also on payments of before, and leaves its line", async () => {
  const { storeId, actor: owner } = await makeStore();
  await makePayment({ storeId, payerId: me.userId });
  const shown = async () => (await getTill(owner, storeId)).payments[0];
  expect(await shown()).toMatchObject({ payerName: "Marina", isPayerRemoved: false });
  await setNameHidden(me, true);
  await setNameHidden(me, true);
  expect(await shown()).toMatchObject({ payerName: null, isPayerRemoved: false });
  expect(await getMyData(me)).toMatchObject({ isNameHidden: true });
  await setNameHidden(me, false);
  expect(await shown()).toMatchObject({ payerName: "Marina" });
  expect(await sql`SELECT old_values, new_values FROM audit_logs WHERE user_id = ${me.userId} AND action = 'user.name_visibility_changed' ORDER BY id`).toHaveLength(2);
});
