import { expect, test } from "vitest";
import { sql } from "@/db/client";
test("tables exist", async () => {
  const rows = await sql`select count(*)::int n from information_schema.tables where table_schema='public'`;
  expect(rows[0]!.n).toBeGreaterThan(20);
});
