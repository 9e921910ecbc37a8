// npm run contracts:build — compiles our contracts into the artifacts.json of their folders.
import { writeFileSync } from "node:fs";
import { compileContracts, SETS } from "./compile.mjs";

for (const set of Object.values(SETS)) {
  writeFileSync(set.artifactsPath, compileContracts(set));
  console.log(`Wrote ${set.artifactsPath}`);
}
