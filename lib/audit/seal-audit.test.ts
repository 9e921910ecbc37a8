import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { sealAudit } from "./seal-audit";

const addRow = (ageSeconds: number) => sql`INSERT INTO audit_logs (id, action, created_at) VALUES (${newId()}, 'session.started', now() - make_interval(secs => ${ageSeconds}))`;
const seals = () => sql<{ row_count: number; hash: string; previous_hash: string; sealed_from: Date; sealed_to: Date }[]>`SELECT * FROM audit_seals ORDER BY id`;

test("seals chain the trail, leave fresh rows for later, and show a changed row", async () => {
  for (const age of [300, 299, 298]) await addRow(age);
  await addRow(1);
  expect(await sealAudit()).toBe(3);
  expect(await sealAudit()).toBe(0);
  await addRow(200);
  expect(await sealAudit()).toBe(1);
  const [first, second] = await seals();
  expect(first?.previous_hash).toBe("0".repeat(64));
  expect(second?.previous_hash).toBe(first?.hash);

  const hashNow = async () => {
    const rows = await sql.begin(async (tx) => {
      await tx`SET LOCAL TIME ZONE 'UTC'`;
      return tx<{ line: string }[]>`SELECT to_jsonb(a)::text AS line FROM audit_logs a WHERE created_at < now() - INTERVAL '250 seconds' ORDER BY created_at, id`;
    });
    const hash = createHash("sha256").update("0".repeat(64));
    for (const { line } of rows) hash.update("\n").update(line);
    return hash.digest("hex");
  };
  expect(await hashNow()).toBe(first?.hash);
  await sql`UPDATE audit_logs SET action = 'store.opened' WHERE created_at = (SELECT min(created_at) FROM audit_logs)`;
  expect(await hashNow()).not.toBe(first?.hash);
});
