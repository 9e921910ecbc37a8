import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "./data-folder";

/** `npm test`: everything that must hold, in the order of its cost. Goes on after a failure; counts and names what failed at the end, where a long log is cut last. */
type Count = { passed: number; failed: number; names?: string[] };
type Step = { title: string; args: string[]; env?: Record<string, string>; count?: () => Count };

const reports = mkdtempSync(join(tmpdir(), "cocopay-reports-"));
const binary = (path: string) => join(ROOT, "node_modules", path);
const readReport = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

function vitestCount(file: string): Count {
  const { numPassedTests: passed, numFailedTests, numFailedTestSuites, testResults } = readReport(file) as {
    numPassedTests: number;
    numFailedTests: number;
    numFailedTestSuites: number;
    testResults: { name: string; status: string; message: string; assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[];
  };
  // A file that broke before its first test counts as one failure.
  const broken = numFailedTestSuites > 0 ? testResults.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0) : [];
  const failures = testResults.flatMap((file) => file.assertionResults.filter(({ status }) => status === "failed").map((one) => nameFailure(file.name, one.fullName, one.failureMessages[0])));
  return { passed, failed: numFailedTests + broken.length, names: [...failures, ...broken.map((file) => nameFailure(file.name, "the file itself", file.message))] };
}

type Journeys = { suites?: Journeys[]; specs?: { title: string; file: string; tests: { projectName: string; status: string; results: { error?: { message?: string } }[] }[] }[] };

function playwrightCount(file: string): Count {
  const report = readReport(file) as { stats: { expected: number; unexpected: number; flaky: number }; errors: { message?: string }[] } & Journeys;
  const { stats, errors } = report;
  const names = errors.map((error) => nameFailure("the run itself", "", error.message));
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + (stats.unexpected === 0 ? errors.length : 0), names: [...journeysNotGreen(report), ...names] };
}

/** Those that failed, and those that passed only when they were tried again. */
const journeysNotGreen = ({ suites = [], specs = [] }: Journeys): string[] => [
  ...specs.flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map(({ projectName, status, results }) => nameFailure(spec.file, `${spec.title} (${projectName}${status === "flaky" ? ", passed when tried again" : ""})`, results[0]?.error?.message))),
  ...suites.flatMap(journeysNotGreen),
];

/** One line: where, what, and the first line of why. */
function nameFailure(file: string, title: string, message = ""): string {
  const why = stripVTControlCharacters(message).split("\n").find((line) => line.trim() !== "") ?? "";
  return [file.replace(`${ROOT}/`, ""), title, why.slice(0, 300)].filter(Boolean).join(" › ");
}

const vitestReport = join(reports, "vitest.json");
const playwrightReport = join(reports, "playwright.json");
const STEPS: Step[] = [
  // Typed links and page props are generated from the routes; a fresh clone has none yet.
  { title: "Type check: routes", args: [binary("next/dist/bin/next"), "typegen"] },
  { title: "Type check", args: [binary("typescript/bin/tsc"), "--noEmit", "--incremental", "false"] },
  { title: "Lint", args: [binary("oxlint/bin/oxlint"), "--config", ".oxlintrc.json", "--type-aware", "--deny-warnings"] },
  {
    title: "Unit, PostgreSQL, chain and architecture tests",
    args: [binary("vitest/vitest.mjs"), "run", "--config", "lib/test/vitest.config.ts", "--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`],
    count: () => vitestCount(vitestReport),
  },
  {
    title: "Journeys in the browser",
    args: [binary("@playwright/test/cli.js"), "test", "--config", "e2e/playwright.config.ts", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
    count: () => playwrightCount(playwrightReport),
  },
];

/** Runs one step with its output here. Answers its counts; a step that counts nothing itself is one check. */
async function runStep({ title, args, env, count }: Step): Promise<Count> {
  console.log(`\n=== ${title} ===\n`);
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
  const forward = () => child.kill("SIGINT");
  process.once("SIGINT", forward).once("SIGTERM", forward);
  const code = await new Promise<number>((resolve) => child.once("exit", (status) => resolve(status ?? 1)));
  process.off("SIGINT", forward).off("SIGTERM", forward);
  if (!count) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  try {
    const counted = count();
    // A run that failed without a failed test, such as one whose set-up broke, is not green.
    return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const totals: [string, Count][] = [];
for (const step of STEPS) totals.push([step.title, await runStep(step)]);
rmSync(reports, { recursive: true, force: true });

console.log("\n=== Result ===\n");
for (const [title, { passed, failed, names = [] }] of totals) {
  console.log(`${title}: ${passed} passed, ${failed} failed`);
  for (const name of names) console.log(`  ${name}`);
}
const passed = totals.reduce((sum, [, count]) => sum + count.passed, 0);
const failed = totals.reduce((sum, [, count]) => sum + count.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
