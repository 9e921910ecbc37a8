import { randomBytes, randomInt } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { migrateDatabase } from "./migrate";

const BEFORE = 31;
const url = inject("postgresUrl").replace(/\/postgres$/, "/one_identity");
const folder = join(mkdtempSync(join(tmpdir(), "cocopay-")), "drizzle");
let client: postgres.Sql;

/** A database as it was while a store was checked twice. */
beforeAll(async () => {
  const admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => {} });
  await admin.unsafe("CREATE DATABASE one_identity");
  await admin.end();
  cpSync("drizzle", folder, { recursive: true });
  const journal = JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8")) as { entries: { idx: number }[] };
  writeFileSync(join(folder, "meta/_journal.json"), JSON.stringify({ ...journal, entries: journal.entries.filter(({ idx }) => idx < BEFORE) }));
  client = postgres(url, { max: 1, onnotice: () => {} });
  await migrate(drizzle(client), { migrationsFolder: folder });
}, 60_000);
afterAll(async () => {
  await client.end();
  rmSync(folder, { recursive: true });
});

const ADDRESS = `0x${"1".repeat(40)}`;
async function makeStore({ till, payouts, hasPayout = false }: { till?: string; payouts?: string; hasPayout?: boolean }): Promise<string> {
  const [store] = await client<{ id: string }[]>`INSERT INTO stores (name, symbol) VALUES ('Padaria', ${randomBytes(4).toString("hex").toUpperCase()}) RETURNING id`;
  const [person] = await client<{ id: string }[]>`INSERT INTO users (phone) VALUES (${`+55489${randomInt(10_000_000, 90_000_000)}`}) RETURNING id`;
  const [storeId, userId] = [store!.id, person!.id];
  if (till) {
    await client`INSERT INTO till_pix_accounts (id, store_id, provider, status, asked_by, sub_account_id, attempt_id) VALUES (gen_random_uuid(), ${storeId}, 'sandbox', ${till}, ${userId}, ${`till-${storeId}`}, ${`attempt-${storeId}`})`;
    const [charge] = await client<{ id: string }[]>`
      INSERT INTO charges (id, store_id, idempotency_key, request_fingerprint, currency, amount_brl_centavos, amount_usd, brl_per_usd, rate_at, created_by, expires_at)
      VALUES (gen_random_uuid(), ${storeId}, ${storeId}, 'f', 'BRL', 1000, 2, 5, now(), ${userId}, now()) RETURNING id`;
    await client`
      INSERT INTO till_pix (id, charge_id, store_id, provider, chain_id, status, amount_brl_centavos, asked_by, ticket_asked_at, ticket_id, br_code, expires_at, wallet_address, secret_hash)
      VALUES (gen_random_uuid(), ${charge!.id}, ${storeId}, 'sandbox', '84532', 'open', 1000, ${userId}, now(), ${storeId}, 'x', now(), ${ADDRESS}, ${storeId})`;
  }
  if (payouts) await client`INSERT INTO payout_accounts (store_id, provider, account_id, identity, deposit_address) VALUES (${storeId}, 'avenia', ${`payouts-${storeId}`}, ${payouts}, ${ADDRESS})`;
  if (hasPayout) await client`INSERT INTO payouts (store_id, requested_by, amount_usd, payout_type, destination, provider) VALUES (${storeId}, ${userId}, 5, 'pix', '{}', 'avenia')`;
  return storeId;
}
const stateOf = async (storeId: string) => {
  const [identity] = await client<{ status: string; account_type: string; sub_account_id: string; attempt_id: string | null }[]>`SELECT status, account_type, sub_account_id, attempt_id FROM store_identities WHERE store_id = ${storeId}`;
  const [account] = await client<{ account_id: string }[]>`SELECT account_id FROM payout_accounts WHERE store_id = ${storeId}`;
  const [pix] = await client<{ sub_account_id: string }[]>`SELECT sub_account_id FROM till_pix WHERE store_id = ${storeId}`;
  const name = (id: string | null | undefined) => id?.replace(`-${storeId}`, "") ?? null;
  return [identity?.status ?? null, identity?.account_type ?? null, name(identity?.sub_account_id), name(identity?.attempt_id), name(account?.account_id), name(pix?.sub_account_id)];
};

test("stores of every kind come through: who is known stays known, dollars stay where they lie, codes where they were ordered", async () => {
  const stores = {
    both: await makeStore({ till: "approved", payouts: "confirmed", hasPayout: true }),
    tillOnly: await makeStore({ till: "approved" }),
    payoutsOnly: await makeStore({ payouts: "confirmed", hasPayout: true }),
    tillKnown: await makeStore({ till: "approved", payouts: "needed" }),
    payoutsKnown: await makeStore({ till: "rejected", payouts: "confirmed" }),
    neither: await makeStore({ till: "processing", payouts: "needed" }),
    payoutsBegun: await makeStore({ payouts: "needed" }),
  };
  await migrateDatabase(url);
  const after = Object.fromEntries(await Promise.all(Object.entries(stores).map(async ([name, id]) => [name, await stateOf(id)])));
  expect(after).toEqual({
    both: ["approved", "company", "payouts", null, "payouts", "till"],
    tillOnly: ["approved", "individual", "till", "attempt", null, "till"],
    payoutsOnly: ["approved", "company", "payouts", null, "payouts", null],
    tillKnown: ["approved", "individual", "till", "attempt", null, "till"],
    payoutsKnown: ["approved", "company", "payouts", null, "payouts", "till"],
    neither: ["processing", "individual", "till", "attempt", null, "till"],
    payoutsBegun: [null, null, null, null, null, null],
  });
  expect(await client`SELECT conname FROM pg_constraint WHERE conname LIKE 'till\\_pix\\_accounts%'`).toEqual([]);
  expect(await client`SELECT DISTINCT provider FROM store_identities`).toEqual([{ provider: "sandbox" }]);
});
