import "server-only";
import { verifyAudit } from "@/lib/audit/verify-audit";
import { closeDatabase } from "@/db/client";

const print = (line: string) => process.stdout.write(`${line}\n`);

/** `npm run audit:verify`: compares every sealed row with its seal, names the first that differs, and ends with 1 then. */
try {
  const { seals, rows, unsealed, broken } = await verifyAudit();
  if (broken) {
    print(`Broken: ${broken.what} in seal ${broken.sealId}${broken.rowId ? `, row ${broken.rowId}` : ""}`);
    print(`${rows} rows in ${seals} seals before it are as they were sealed`);
    process.exitCode = 1;
  } else print(`${rows} rows in ${seals} seals are as they were sealed; ${unsealed} newer rows wait for the next seal`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
