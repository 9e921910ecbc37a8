import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ARTIFACTS_PATH, compileContracts } from "./compile.mjs";

const COMPILE_TIMEOUT_MS = 120_000;

test("compiling the account contract again gives the committed artifact, byte for byte", () => {
  expect(compileContracts()).toBe(readFileSync(ARTIFACTS_PATH, "utf8"));
}, COMPILE_TIMEOUT_MS);
