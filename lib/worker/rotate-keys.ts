import "server-only";
import { closeDatabase } from "@/db/client";
import { rotateKeys, type VersionCounts } from "@/lib/accounts/rotate-keys";

const print = (line: string) => process.stdout.write(`${line}\n`);
const listed = (counts: VersionCounts) => Object.entries(counts).map(([version, count]) => `${version}: ${count}`).join(", ") || "no keys";

/** `npm run keys:rotate`: seals every managed key under the newest version while the app runs, and prints the rows by version. */
try {
  const { before, after, resealed, changedMeanwhile } = await rotateKeys();
  print(`Before  ${listed(before)}`);
  print(`After   ${listed(after)}`);
  print(`${resealed} keys sealed anew${changedMeanwhile > 0 ? `, ${changedMeanwhile} changed meanwhile: run it again` : ""}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
