import { beforeAll, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { recordEvent } from "@/lib/analytics/record-event";
import { markSteppedUp } from "@/lib/auth/step-up";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { notify, queueMessage } from "@/lib/notifications/notify";
import { makePerson, makeSession, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { allowExport, isExportAllowed } from "./allow-export";
import { exportPerson } from "./export-person";
import { EXPORT_SECTIONS } from "./export-sections";
import { recordSignUpConsents } from "./record-consents";
import type { ExportFormat } from "./rules";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const signedIn = async (options?: Parameters<typeof makePerson>[0]) => makeSession((await makePerson(options)).actor);
async function textOf(person: { userId: string; phone: string }, format: ExportFormat) {
  let text = "";
  for await (const piece of exportPerson(person, format)) text += piece;
  return text;
}
type Exported = Record<string, Record<string, unknown>[]>;

let me: Awaited<ReturnType<typeof signedIn>>;
let other: typeof me;
let json: Exported;
let csv: string;
beforeAll(async () => {
  me = await signedIn({ name: "=HYPERLINK Marina", dollarsUsdMicros: 5_000_000n });
  other = await signedIn({ name: "Bernardo Segredo" });
  const store = await makeStore();
  for (let index = 0; index < 450; index += 1) await makePayment({ storeId: store.storeId, payerId: me.userId });
  await makePayment({ storeId: store.storeId, payerId: other.userId, code: "QQQQQQ" });
  await sql`INSERT INTO passkeys (user_id, credential_id, public_key, device_name) VALUES (${me.userId}, 'credential-not-to-show', '\\x0102', 'Pixel 9')`;
  await sql`INSERT INTO wallets (id, user_id, address, chain_id, is_contract) VALUES (${newId()}, ${me.userId}, ${`0x${"ab".repeat(20)}`}, '84532', false)`;
  await sql`INSERT INTO signing_keys (user_id, encrypted_private_key, address) VALUES (${me.userId}, 'sealed-not-to-show', '0x1')`;
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${me.userId}, 'staff', now())`;
  await sql`INSERT INTO backup_requests (id, user_id, phone, token_hash, expires_at) VALUES (${newId()}, ${other.userId}, ${me.phone}, 'hash-not-to-show', now() + interval '1 day')`;
  await db.transaction(async (tx) => {
    await recordSignUpConsents(tx, { userId: me.userId, ip: "127.0.0.1" });
    await notify(tx, { userId: me.userId, kind: "passkey_added" });
    await notify(tx, { userId: other.userId, kind: "account_frozen" });
    await queueMessage(tx, { to: me.phone, body: "CocoPay: https://x/backup/tokentokentokentoken01" });
    await queueMessage(tx, { to: other.phone, body: "not for me" });
    await recordEvent(tx, { name: "signed_in", userId: me.userId });
    await markSteppedUp(tx, me, "passkey");
  });
  json = JSON.parse(await textOf(me, "json")) as Exported;
  csv = await textOf(me, "csv");
}, 120_000);

test("every section is there, those with rows have them, and a history longer than a page is whole", () => {
  for (const { name } of EXPORT_SECTIONS) expect(json).toHaveProperty(name);
  expect(json["payments"]).toHaveLength(450);
  expect(new Set(json["payments"]!.map(({ id }) => id)).size).toBe(450);
  expect(json["profile"]).toMatchObject([{ phone: me.phone, name: "=HYPERLINK Marina" }]);
  for (const name of ["consents", "sessions", "passkeys", "wallets", "accounts", "balances", "stores", "backups", "notices", "text_messages", "activity", "security_log"]) expect([name, json[name]!.length > 0]).toEqual([name, true]);
  expect(json["balances"]).toContainEqual(expect.objectContaining({ kind: "dollars", units: "5000000" }));
  expect(json["payments"]![0]).toMatchObject({ direction: "out", store: "Café da Praia", amount_brl_centavos: "3850", amount_usd: "7.000000" });
});

test("no key, token, hash or other person's data is in either file", () => {
  for (const text of [JSON.stringify(json), csv]) {
    for (const word of ["credential-not-to-show", "sealed-not-to-show", "hash-not-to-show", "tokentoken", "Segredo", "QQQQQQ", "not for me", "account_frozen", other.phone, "ip_hash", "token_hash"]) expect([word, text.includes(word)]).toEqual([word, false]);
    expect(text).toContain("Bernardo");
  }
});

test("the CSV opens in a spreadsheet of the home country and runs nothing", () => {
  expect(csv.startsWith("\ufeffprofile\r\nid;phone;")).toBe(true);
  expect(csv).toContain(";'=HYPERLINK Marina;");
  expect(csv).toContain(`;'${me.phone};`);
  expect(csv.split("\r\n").filter((line) => /^payments$/.test(line))).toHaveLength(1);
  expect(csv.replaceAll("\r\n", "")).not.toContain("\n");
});

test("an export asks for a second factor, and its right is one session's, one person's and ten minutes long", async () => {
  const person = await signedIn();
  expect(await codeOf(allowExport(person))).toBe("step_up_required");
  await db.transaction((tx) => markSteppedUp(tx, person, "wallet"));
  const now = new Date();
  const grant = await allowExport(person, now);
  expect(isExportAllowed(person, grant, now)).toBe(true);
  expect(isExportAllowed(person, grant, new Date(now.getTime() + 599_000))).toBe(true);
  expect(isExportAllowed(person, grant, new Date(now.getTime() + 601_000))).toBe(false);
  expect(isExportAllowed({ ...person, sessionId: newId() }, grant, now)).toBe(false);
  expect(isExportAllowed({ ...person, userId: other.userId }, grant, now)).toBe(false);
  const later = `${Number(grant.slice(0, 10)) + 60}${grant.slice(10)}`;
  for (const bad of ["", "x", later, `${grant}x`, grant.slice(0, -1), `${grant.slice(0, 11)}${"A".repeat(43)}`]) expect(isExportAllowed(person, bad, now)).toBe(false);
  expect(await sql`SELECT 1 FROM audit_logs WHERE user_id = ${person.userId} AND action = 'user.data_exported'`).toHaveLength(1);
});
