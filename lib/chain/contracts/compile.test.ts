import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileContracts, SETS } from "./compile.mjs";

const COMPILE_TIMEOUT_MS = 120_000;

test.each(Object.entries(SETS))("compiling the %s again gives the committed artifact, byte for byte", (_name, set) => {
  expect(compileContracts(set)).toBe(readFileSync(set.artifactsPath, "utf8"));
}, COMPILE_TIMEOUT_MS);
