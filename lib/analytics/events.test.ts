import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { dropOldPartitions, makePartitions } from "./keep-up";
import { EVENT_NAMES } from "./record-event";

/** What may stand in an event: whose store, how much, of which sort. Never who, where or how to reach them. */
const PERSONAL = /phone|name$|^name|email|address|^ip$|cnpj|cpf|holder|secret|token|code$|note$|reason|latitude|longitude|place|session|device|user/i;
const SHAPES = /\+\d{8,}|@[a-z]|\d{3}\.\d{3}\.\d{3}/i;

const sources = readdirSync("lib", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|^test\/|^dev\//.test(file))
  .map((file) => readFileSync(`lib/${file}`, "utf8"))
  .filter((text) => text.includes("recordEvent(") || text.includes("INSERT INTO analytics_events"));
const migrations = readdirSync("drizzle").filter((file) => file.endsWith(".sql")).map((file) => readFileSync(`drizzle/${file}`, "utf8"));

/** Names of the properties that code and functions write. */
function propertyNames(): string[] {
  const written = sources.flatMap((text) => [...text.matchAll(/properties: \{([^}]*)\}/g)].map(([, inside = ""]) => inside));
  const fromCode = written.flatMap((inside) => [...inside.matchAll(/(?:^|[,{])\s*([A-Za-z_]+)\s*(?=[:,}]|$)/g)].map(([, name = ""]) => name));
  const fromSql = [...migrations, ...sources].flatMap((text) =>
    [...text.matchAll(/INSERT INTO analytics_events[^;]*?jsonb_build_object\(([^;]*?)\)\s*[,)]/g)].flatMap(([, inside = ""]) => [...inside.matchAll(/'([a-z_A-Z]+)',/g)].map(([, name = ""]) => name)),
  );
  return [...new Set([...fromCode, ...fromSql])].filter(Boolean).toSorted();
}

test("no event carries who somebody is", () => {
  const names = propertyNames();
  expect(names).toEqual(expect.arrayContaining(["storeId", "store_id", "section", "amount_usd"]));
  expect(names.filter((name) => PERSONAL.test(name))).toEqual([]);
});

test("the scan finds what it looks for", () => {
  for (const name of ["phone", "holderName", "email", "destination_address", "ip", "confirmation_code", "userId"]) expect([name, PERSONAL.test(name)]).toEqual([name, true]);
  for (const value of ["+5548999990001", "bia@example.com", "123.456.789-09"]) expect([value, SHAPES.test(value)]).toEqual([value, true]);
});

test("names of events are words of the past, each once", () => {
  expect(new Set(EVENT_NAMES).size).toBe(EVENT_NAMES.length);
  for (const name of EVENT_NAMES) expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
});

test("whole months beyond the retention go; the present ones, the default part and a broken setting's reach stay", async () => {
  await makePartitions();
  for (const month of ["2019-03-01", "2024-10-01"]) await sql`SELECT public.create_analytics_partition(${month}::date)`;
  await sql`INSERT INTO analytics_events (event_name, created_at) VALUES ('signed_in', '2019-03-15'), ('signed_in', now())`;
  const months = async () => (await sql<{ name: string }[]>`SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'analytics_events'::regclass ORDER BY relname`).map(({ name }) => name);
  const before = await months();
  expect(await dropOldPartitions()).toBe(before.filter((name) => /_(2019|2024)_/.test(name)).length);
  const after = await months();
  expect(after).toContain("analytics_events_default");
  expect(after).toEqual(before.filter((name) => !/_(2019|2024)_/.test(name)));
  expect(await dropOldPartitions()).toBe(0);
  // Even a date in the future leaves the last two months.
  await sql`SELECT public.drop_analytics_partitions('2090-01-01')`;
  expect((await sql`SELECT count(*)::int AS count FROM analytics_events WHERE event_name = 'signed_in' AND created_at > now() - interval '1 day'`)[0]?.["count"]).toBe(1);
  expect((await months()).length).toBeGreaterThan(4);
});

test("the web process can't drop them", async () => {
  await expect(
    sql.begin(async (tx) => {
      await tx`SET LOCAL ROLE cocopay_web`;
      await tx`SELECT public.drop_analytics_partitions('2020-01-01')`;
    }),
  ).rejects.toThrow(/permission denied/);
});
