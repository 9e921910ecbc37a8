import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ARTIFACTS_PATH, compileContracts } from "./compile.mjs";

test("compiling the account contract again gives the committed artifact, byte for byte", () => {
  expect(compileContracts()).toBe(readFileSync(ARTIFACTS_PATH, "utf8"));
});
