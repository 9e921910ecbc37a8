import { createHash } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { sealAudit } from "./seal-audit";
import { sealHash } from "./seal-hash";
import { verifyAudit } from "./verify-audit";

let ids: string[];

/** Six rows in two seals, one more that waits. */
beforeEach(async () => {
  await sql`TRUNCATE audit_logs, audit_seals RESTART IDENTITY`;
  ids = [];
  for (const age of [300, 299, 298, 297]) await addRow(age);
  await sealAudit();
  for (const age of [200, 199]) await addRow(age);
  await sealAudit();
  await addRow(1);
});

async function addRow(ageSeconds: number, isOurs = true) {
  const id = newId();
  await sql`INSERT INTO audit_logs (id, action, new_values, created_at) VALUES (${id}, 'session.started', '{"method": "phone"}', now() - make_interval(secs => ${ageSeconds}))`;
  if (isOurs) ids.push(id);
  return id;
}

test("a trail that nobody touched is whole", async () => {
  expect(await verifyAudit()).toEqual({ seals: 2, rows: 6, unsealed: 1, broken: null });
});

test.each([
  ["action = 'session.ended'"],
  [`new_values = '{"method": "passkey"}'`],
  ["created_at = created_at + interval '1 microsecond'"],
  ["user_agent = ''"],
  ["old_values = '{}'"],
])("a row with %s is named", async (change) => {
  await sql.unsafe(`UPDATE audit_logs SET ${change} WHERE id = '${ids[2]}'`);
  expect((await verifyAudit()).broken).toEqual({ what: "changed", sealId: "1", rowId: ids[2] });
});

test.each([
  ["the first", 0, "1"],
  ["one in the middle", 2, "1"],
  ["the last of a seal", 3, "1"],
  ["one of a later seal", 5, "2"],
])("%s that was removed is named", async (_which, index, sealId) => {
  await sql`DELETE FROM audit_logs WHERE id = ${ids[index]!}`;
  expect((await verifyAudit()).broken).toEqual({ what: "removed", sealId, rowId: ids[index] });
});

test.each([
  ["before all", 400, "1"],
  ["between", 298.5, "1"],
  ["after a seal's last row", 250, "2"],
])("a row that was slipped in %s is named", async (_where, age, sealId) => {
  const id = await addRow(age, false);
  expect((await verifyAudit()).broken).toEqual({ what: "inserted", sealId, rowId: id });
});

test("a row that was swapped for another, and one moved to another place, are named", async () => {
  await sql`DELETE FROM audit_logs WHERE id = ${ids[1]!}`;
  const id = await addRow(299, false);
  expect((await verifyAudit()).broken).toEqual({ what: "inserted", sealId: "1", rowId: id });
  await sql`DELETE FROM audit_logs WHERE id = ${id}`;
  await sql`UPDATE audit_logs SET created_at = now() - interval '150 seconds' WHERE id = ${ids[0]!}`;
  expect((await verifyAudit()).broken).toMatchObject({ what: "removed", rowId: ids[0] });
});

test("a seal that was made anew breaks the chain after it; a hash that lies about its rows is found too", async () => {
  await sql`UPDATE audit_logs SET action = 'store.opened' WHERE id = ${ids[3]!}`;
  const lines = await sql.begin(async (tx) => {
    await tx`SET LOCAL TIME ZONE 'UTC'`;
    return (await tx<{ line: string }[]>`SELECT to_jsonb(a)::text AS line FROM audit_logs a WHERE id = ANY (${ids.slice(0, 4)}::uuid[]) ORDER BY created_at, id`).map(({ line }) => line);
  });
  const hashes = lines.map((line) => createHash("sha256").update(line).digest("hex"));
  await sql`UPDATE audit_seals SET row_hashes = ${hashes}::text[] WHERE id = 1`;
  expect((await verifyAudit()).broken).toEqual({ what: "chain", sealId: "1", rowId: null });
  await sql`UPDATE audit_seals SET hash = ${sealHash("0".repeat(64), lines)} WHERE id = 1`;
  expect((await verifyAudit()).broken).toEqual({ what: "chain", sealId: "2", rowId: null });
  await sql`DELETE FROM audit_seals WHERE id = 1`;
  expect((await verifyAudit()).broken).toMatchObject({ what: "chain", sealId: "2" });
});

test("a seal from before rows were listed is still checked as a whole", async () => {
  await sql`UPDATE audit_seals SET row_ids = NULL, row_hashes = NULL`;
  expect((await verifyAudit()).broken).toBeNull();
  await sql`UPDATE audit_logs SET action = 'store.opened' WHERE id = ${ids[4]!}`;
  expect((await verifyAudit()).broken).toEqual({ what: "chain", sealId: "2", rowId: null });
});
