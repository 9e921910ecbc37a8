import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** What a production start says, by process and environment. */
function start(process_: "web" | "worker", values: Record<string, string>): string {
  const script = `import("./lib/env.ts").then(({ assertProductionReady }) => assertProductionReady("${process_}")).catch((error) => { console.log(error.message); process.exit(1); })`;
  try {
    execFileSync(process.execPath, ["--conditions=react-server", "--import", "tsx", "-e", script], { env: { ...process.env, APP_ENV: "production", ...values }, stdio: "pipe" });
    return "";
  } catch (error) {
    return String((error as { stdout: Buffer }).stdout);
  }
}

const STARK = { PAYOUT_PROVIDER: "starkbank", STARKBANK_BASE_URL: "https://api.starkbank.com", STARKBANK_TREASURY_ADDRESS: `0x${"7".repeat(40)}` };

test("production pays nobody through a sandbox, and names what a provider lacks", () => {
  expect(start("worker", {})).toContain("PAYOUT_PROVIDER: is the sandbox");
  expect(start("worker", { PAYOUT_PROVIDER: "avenia" })).not.toContain("PAYOUT_PROVIDER");
  const bare = start("worker", { PAYOUT_PROVIDER: "starkbank", STARKBANK_BASE_URL: "http://127.0.0.1:1" });
  for (const name of ["STARKBANK_BASE_URL: must begin with https", "STARKBANK_TREASURY_ADDRESS: is missing", "STARKBANK_PROJECT_ID: is missing", "STARKBANK_SIGNING_KEY: is missing"]) expect(bare).toContain(name);
  expect(start("worker", { ...STARK, STARKBANK_PROJECT_ID: "1", STARKBANK_SIGNING_KEY: "YQ==" })).not.toContain("STARKBANK");
  expect(start("worker", { ...STARK, STARKBANK_TREASURY_ADDRESS: "0x7" })).toContain("STARKBANK_TREASURY_ADDRESS: must be an address");
  expect(start("web", { ...STARK, STARKBANK_SIGNING_KEY: "YQ==" })).toContain("STARKBANK_SIGNING_KEY: belongs to the worker");
}, 240_000);
