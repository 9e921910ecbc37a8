// npm run contracts:build — compiles CocoAccount.sol and CocoAccountFactory.sol into artifacts.json.
import { writeFileSync } from "node:fs";
import { ARTIFACTS_PATH, compileContracts } from "./compile.mjs";

writeFileSync(ARTIFACTS_PATH, compileContracts());
console.log(`Wrote ${ARTIFACTS_PATH}`);
