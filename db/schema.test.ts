import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { sql } from "@/db/client";
import { contractSql } from "./contract";
import { migrateDatabase } from "./migrate";

const database = "schema_contract";
let contract: postgres.Sql;

beforeAll(async () => {
  const admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => {} });
  await admin.unsafe(`CREATE DATABASE ${database}`);
  await admin.end();
  contract = postgres(inject("postgresUrl").replace(/\/postgres$/, `/${database}`), { max: 1, onnotice: () => {} });
  await contract.unsafe(contractSql());
});
afterAll(() => contract.end());

type Client = postgres.Sql | typeof sql;
const rowsOf = async (client: Client, query: string) => (await client.unsafe(query)).map((row) => JSON.stringify(row));

/** Every object of the contract must be in the live catalog, with the same definition; the live one may hold more. */
async function expectHeld(query: string) {
  const [expected, actual] = [await rowsOf(contract, query), new Set(await rowsOf(sql, query))];
  expect(expected.length).toBeGreaterThan(0);
  expect(expected.filter((row) => !actual.has(row))).toEqual([]);
}

describe("the live catalog holds all of DATABASE.md", () => {
  test("enums and their values, in order", () =>
    expectHeld("SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY 1"));

  test("tables and columns: type, length, default, null", () =>
    expectHeld(`SELECT table_name, column_name, udt_name, character_maximum_length, numeric_precision, numeric_scale, is_nullable,
      replace(replace(column_default, 'public.', ''), '(0)::numeric', '0') AS column_default
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name IN (SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'm'))`));

  test("indexes, by name and definition", () =>
    expectHeld(`SELECT c.relname AS name, t.relname AS on_table, i.indisunique,
      regexp_replace(replace(replace(pg_get_indexdef(i.indexrelid), 'public.', ''), ' ON ONLY ', ' ON '), '^.* USING', 'USING') AS definition
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND NOT i.indisprimary`));

  test("primary, unique and foreign keys", () =>
    expectHeld(`SELECT conrelid::regclass::text AS on_table, contype, replace(pg_get_constraintdef(oid), 'public.', '') AS definition
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f') AND conrelid <> 0 AND conparentid = 0`));

  test("functions by name, arguments and result", () =>
    expectHeld(`SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, replace(pg_get_function_result(p.oid), 'public.', '') AS result, p.provolatile
      FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN ('generate_confirmation_code', 'update_updated_at')`));

  test("triggers", () =>
    expectHeld("SELECT tgname, tgrelid::regclass::text AS on_table, replace(pg_get_triggerdef(oid), 'public.', '') AS definition FROM pg_trigger WHERE NOT tgisinternal"));

  test("the materialized view", () => expectHeld("SELECT matviewname, replace(definition, 'public.', '') AS definition FROM pg_matviews"));

  test("extensions", () => expectHeld("SELECT extname FROM pg_extension"));
});

test("migrating again changes nothing", async () => {
  const url = new URL(process.env.DATABASE_URL ?? "");
  await migrateDatabase(url.href);
  await migrateDatabase(url.href);
});

test("every index, function and view builds under an empty search_path, as a restore would", async () => {
  const client = postgres(process.env.DATABASE_URL ?? "", { max: 1, connection: { search_path: "" }, onnotice: () => {} });
  const indexes = await client<{ name: string; definition: string }[]>`
    SELECT indexname AS name, indexdef AS definition FROM pg_catalog.pg_indexes WHERE schemaname = 'public'`;
  await client.begin(async (tx) => {
    await tx`INSERT INTO public.stores (name, symbol, latitude, longitude) VALUES ('Restored', 'RESTORED', -27.5, -48.5)`;
    for (const { name, definition } of indexes) {
      await tx.unsafe("SAVEPOINT one");
      await tx.unsafe(definition.replace(/INDEX (\S+) ON/, `INDEX rebuilt_${name.replaceAll('"', "")} ON`));
      await tx.unsafe("ROLLBACK TO one");
    }
    await tx`REFRESH MATERIALIZED VIEW public.store_daily_stats`;
    const [code] = await tx<{ code: string }[]>`SELECT public.generate_confirmation_code() AS code`;
    expect(code?.code).toMatch(/^[A-HJ-NP-Z2-9]{6}$/);
    await tx`SELECT public.create_analytics_partition('2031-05-17')`;
    await tx.unsafe("ROLLBACK").catch(() => {});
  });
  await client.end();
  expect(indexes.length).toBeGreaterThan(80);
});

test("an event of a month without a part is kept, not refused", async () => {
  const [row] = await sql<{ part: string }[]>`
    INSERT INTO analytics_events (event_name, created_at) VALUES ('late', '2041-01-15') RETURNING tableoid::regclass::text AS part`;
  expect(row?.part).toBe("analytics_events_default");
});

test("sessions take days in the home town's time zone", async () => {
  const [row] = await sql<{ TimeZone: string }[]>`SHOW timezone`;
  expect(row?.TimeZone).toBe("America/Sao_Paulo");
});
