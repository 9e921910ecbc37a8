import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { provisionAccount } from "./provision-account";

// What the web process may not do even when somebody else runs code in it (SECURITY.md 7 and 15).
const as = (role: "cocopay_web" | "cocopay_worker") => postgres(process.env["DATABASE_URL"]!, { max: 1, onnotice: () => {}, connection: { role } });
const web = as("cocopay_web");
const worker = as("cocopay_worker");
const userId = newId();

beforeAll(async () => {
  await sql`INSERT INTO users (id, phone) VALUES (${userId}, '+5511999990000')`;
  await provisionAccount(userId);
});
afterAll(async () => {
  await web.end();
  await worker.end();
});

test.each([
  "SELECT encrypted_private_key FROM signing_keys",
  "SELECT * FROM signing_keys",
  "SELECT encrypted_private_key FROM store_signing_keys",
  "SELECT * FROM store_signing_keys",
  "UPDATE signing_keys SET encrypted_private_key = 'x'",
  "DELETE FROM signing_keys",
  "COPY signing_keys TO STDOUT",
  "UPDATE smart_accounts SET owner_address = '0x00000000000000000000000000000000000000aa'",
  "UPDATE token_balances SET balance = 1000000000",
  `INSERT INTO token_balances (user_id, chain_id, token_address, balance) VALUES ('${userId}', '84532', '0xaa', 1)`,
  "DELETE FROM token_balances",
  "UPDATE store_token_balances SET balance = 1",
  "UPDATE transactions SET status = 'confirmed'",
  "INSERT INTO user_operations SELECT * FROM user_operations",
  "UPDATE audit_logs SET action = 'nothing'",
  "DELETE FROM audit_logs",
  "TRUNCATE audit_logs",
  "ALTER TABLE audit_logs DISABLE TRIGGER ALL",
  "SELECT * FROM graphile_worker._private_jobs",
])("the web role is refused: %s", async (statement) => {
  await expect(web.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
});

test("the web role reads what a page needs of a key", async () => {
  expect(await web`SELECT user_id, is_active FROM signing_keys WHERE user_id = ${userId}`).toEqual([{ user_id: userId, is_active: true }]);
});

test("the web role writes the trail and cannot take it back", async () => {
  await web`INSERT INTO audit_logs (id, action) VALUES (gen_random_uuid(), 'test.written')`;
  expect(await web`SELECT count(*)::int AS n FROM audit_logs WHERE action = 'test.written'`).toEqual([{ n: 1 }]);
});

test.each(["UPDATE audit_logs SET action = 'nothing'", "DELETE FROM audit_logs", "TRUNCATE audit_logs"])("the worker's role is refused: %s", async (statement) => {
  await expect(worker.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
});

test("the worker's role reads sealed keys and writes balances", async () => {
  expect(await worker`SELECT encrypted_private_key FROM signing_keys WHERE user_id = ${userId}`).toHaveLength(1);
  await worker`UPDATE token_balances SET balance = 0 WHERE user_id = ${userId}`;
});
