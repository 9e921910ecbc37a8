import { rmSync, mkdirSync, appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildWeb, isBuilt, NEXT } from "./build";
import { warpTo } from "./chain/anvil-client";
import { LOCAL_CHAIN_IDS, prepareChains, type LocalChain } from "./chains";
import { assertWhole, lockDataFolder, openDataFolder, resetDataFolder, ROOT, type DataFolder } from "./data-folder";
import { assertChainsMatch, prepareDatabase } from "./database";
import { environments, isStarkbankLocal, LOCAL_PROJECT_ID, writeEnvironmentFiles, type Environments } from "./environment";
import { rememberedPorts, webPort } from "./ports";
import { endLeftovers, endPrograms, keepRunning, logTail, processNotes, runToEnd, type NoteProcess } from "./processes";
import { SAMPLE_PEOPLE, sampleState, type SampleState } from "./samples";
import { say } from "./say";
import { readSecrets, type Secrets } from "./secrets";
import { StartError } from "./start-error";

/** `npm start` and `npm run dev` (--hot): the whole of CocoPay on this machine. Ctrl-C ends everything it started. */
const isHot = process.argv.includes("--hot");
const isReset = process.argv.includes("--reset");
const HEALTH_LIMIT_MS = 90_000;
const HEALTH_POLL_MS = 150;
const PARENT_CHECK_MS = 500;
/** `run` loads the TypeScript of this project in a plain Node, with the condition that server-only modules ask for. */
const run = (file: string) => ["--conditions=react-server", "--import", "tsx", join(ROOT, file)];

/** What has to be stopped after the programs, in the order of its start. */
const running: { stop: () => Promise<void> }[] = [];
/** The start of database and chains under way: a stop waits for it, so that nothing is left that nobody knows. */
let starting: Promise<unknown> = Promise.resolve();
let isStopping = false;

async function stopAll(code: number): Promise<never> {
  if (isStopping) return new Promise<never>(() => {});
  isStopping = true;
  // Web app and worker first: nobody may write to a chain or a database that is already gone.
  await endPrograms();
  await starting;
  for (const { stop } of running.toReversed()) await stop().catch((error: unknown) => console.error(error));
  process.exit(code);
}

/** An outcome that ends everything: a sentence for what a person can mend, the whole error for our own mistakes. */
async function fail(error: unknown): Promise<never> {
  if (!isStopping) console.error(error instanceof StartError ? `\n${error.message}` : error);
  return stopAll(1);
}

async function start() {
  if (process.env.APP_ENV === "production") throw new StartError("`npm start` is the local stack with sandboxes. For production use `npm run build`, `npm run web` and `npm run worker`.");
  const host = process.env.HOST ?? "127.0.0.1";
  const folder = openDataFolder();
  const unlock = lockDataFolder(folder);
  running.push({ stop: async () => unlock() });
  await endLeftovers(folder);
  if (isReset) {
    resetDataFolder(folder);
    say("Everything from before is removed");
  }
  assertWhole(folder);
  const port = await webPort(host);
  rmSync(folder.logs, { recursive: true, force: true });
  mkdirSync(folder.logs, { recursive: true });
  const note = processNotes(folder);
  const appUrl = process.env.APP_URL ?? `http://localhost:${port}`;

  const built = isHot ? Promise.resolve() : buildWhenChanged(folder, note);
  // Its failure is told where it is awaited below, or not at all when something else failed before.
  built.catch(() => {});
  const { environment, chains, ownerUrl, samples, secrets, ports } = await startInside(folder, note, appUrl);
  startAvenia({ folder, note, environment, secrets, port: ports.avenia });
  startStarkbank({ folder, note, environment, secrets, port: ports.starkbank });
  keepRunning({ name: "worker", args: workerArguments(), env: { ...environment.system, ...environment.worker }, logFile: join(folder.logs, "worker.log") }, note);
  const state = await fillWithSamples({ folder, note, environment, chains, ownerUrl, samples });
  await built;

  say("Starting the web app");
  startWeb({ folder, note, environment, appUrl, port, host });
  await healthy(port, host, folder);
  writeFileSync(folder.complete, "");
  printBlock({ appUrl, state, chains, folder, aveniaUrl: environment.worker.AVENIA_BASE_URL ?? "" });
}

/** Database and chains, side by side, then the proof that they belong together. */
async function startInside(folder: DataFolder, note: NoteProcess, appUrl: string) {
  const secrets = readSecrets(folder);
  const ports = await rememberedPorts(folder.ports, ["postgres", "bridges", "avenia", "starkbank", ...LOCAL_CHAIN_IDS]);
  say("Starting PostgreSQL and two chains");
  const postgresLog = join(folder.logs, "postgres.log");
  const database = prepareDatabase({ folder, secrets, port: ports.postgres, onLog: (text) => appendFileSync(postgresLog, text) }).then((access) => {
    if (!access.server) return access;
    note("postgres", access.server.pid, "SIGINT");
    running.push(access.server);
    void access.server.exited.then(() => fail(new StartError(`PostgreSQL ended by itself. See ${postgresLog}, then start again.`)));
    say("PostgreSQL is ready and migrated");
    return access;
  });
  const started = prepareChains({ folder, secrets, ports, note }).then((chains) => {
    for (const { chainId, anvil } of chains) {
      if (!anvil) continue;
      running.push(anvil);
      void anvil.exited.then(() => fail(new StartError(`The chain ${chainId} ended by itself. Start again; if that does not help, run \`npm start -- --reset\` to begin anew.`)));
    }
    say("The chains are ready, with their contracts");
    return chains;
  });
  // Both are waited for, so that one's failure never leaves the other behind unstopped.
  const both = Promise.allSettled([database, started]);
  starting = both;
  const [access, chains] = settled(await both);
  await assertChainsMatch(access.ownerUrl, chains.map(({ chainId, rpcUrl, anvil }) => ({ chainId, rpcUrl, isOutside: !anvil })));
  const irisUrl = startBridges({ folder, note, chains, port: ports.bridges });
  const environment = environments({ secrets, database: access, chains, appUrl, irisUrl, aveniaUrl: `http://127.0.0.1:${ports.avenia}`, starkbankUrl: `http://127.0.0.1:${ports.starkbank}` });
  writeEnvironmentFiles(folder, environment);
  const samples = await sampleState(access.ownerUrl, chains.length);
  return { environment, chains, ownerUrl: access.ownerUrl, samples, secrets, ports };
}

/** Attestations and the relay between the local chains; between others Circle's and Chainlink's own work. */
function startBridges({ folder, note, chains, port }: { folder: DataFolder; note: NoteProcess; chains: LocalChain[]; port: number }): string | undefined {
  if (!chains.every(({ anvil }) => anvil)) return undefined;
  const { PATH = "", HOME = "" } = process.env;
  const rpcUrls = Object.fromEntries(chains.map(({ chainId, rpcUrl }) => [`RPC_URL_${chainId}`, rpcUrl]));
  const env = { PATH, HOME, IRIS_PORT: String(port), CHAIN_IDS: chains.map(({ chainId }) => chainId).join(","), ...rpcUrls };
  keepRunning({ name: "bridges", args: run("lib/dev/bridges/main.ts"), env, logFile: join(folder.logs, "bridges.log") }, note);
  return `http://127.0.0.1:${port}`;
}

function settled<A, B>([a, b]: [PromiseSettledResult<A>, PromiseSettledResult<B>]): [A, B] {
  if (a.status === "rejected") throw a.reason;
  if (b.status === "rejected") throw b.reason;
  return [a.value, b.value];
}

async function buildWhenChanged(folder: DataFolder, note: NoteProcess) {
  if (isBuilt()) return;
  say("Building the web app (its sources are new or changed)");
  const { PATH = "", HOME = "" } = process.env;
  await buildWeb({ system: { PATH, HOME }, logFile: join(folder.logs, "build.log"), note });
  say("The web app is built");
}

const workerArguments = () => (isHot ? [join(ROOT, "node_modules/tsx/dist/cli.mjs"), "watch", "--clear-screen=false", "--conditions=react-server", join(ROOT, "lib/worker/main.ts")] : run("lib/worker/main.ts"));

type SampleInput = { folder: DataFolder; note: NoteProcess; environment: Environments; chains: LocalChain[]; ownerUrl: string; samples: SampleState };

async function fillWithSamples({ folder, note, environment, chains, ownerUrl, samples }: SampleInput): Promise<SampleState> {
  // Dollars come out of thin air on local chains only; elsewhere people open their own stores.
  const areLocal = chains.every(({ anvil }) => anvil);
  if (samples.isComplete || !areLocal) {
    await Promise.all(chains.map(async ({ anvil }) => anvil && warpTo(anvil.client, Math.floor(Date.now() / 1000))));
    return samples;
  }
  say("Opening the sample stores, with people, dollars and payments");
  const appUrl = environment.worker.APP_URL ?? "";
  await runToEnd({ name: "samples", args: run("lib/dev/seed.ts"), env: { ...environment.system, ...environment.web, APP_URL: appUrl }, logFile: join(folder.logs, "samples.log") }, note);
  say("The sample stores are open");
  return sampleState(ownerUrl, chains.length);
}

type ProviderInput = { folder: DataFolder; note: NoteProcess; environment: Environments; secrets: Secrets; port: number };

/** The payment provider's stand-in, unless the caller's environment names another one. */
function startAvenia({ folder, note, environment: { system, worker }, secrets, port }: ProviderInput) {
  if (process.env.AVENIA_BASE_URL !== undefined) return;
  const env = {
    ...system,
    RPC_URL_84532: worker.RPC_URL_84532 ?? "",
    AVENIA_PORT: String(port),
    AVENIA_API_KEY: secrets.aveniaApiKey,
    AVENIA_CLIENT_PUBLIC_KEY: secrets.aveniaClientPublicKey,
    AVENIA_STATE_FILE: folder.avenia,
  };
  keepRunning({ name: "avenia", args: run("lib/dev/avenia/main.ts"), env, logFile: join(folder.logs, "avenia.log") }, note);
}

/** The stand-in of the bank that pays out of a balance in reais, where it is chosen. */
function startStarkbank({ folder, note, environment: { system }, secrets, port }: ProviderInput) {
  if (!isStarkbankLocal()) return;
  const env = { ...system, STARKBANK_PORT: String(port), STARKBANK_PROJECT_ID: LOCAL_PROJECT_ID, STARKBANK_SIGNING_KEY: secrets.starkbankSigningKey, STARKBANK_STATE_FILE: folder.starkbank };
  keepRunning({ name: "starkbank", args: run("lib/dev/starkbank/main.ts"), env, logFile: join(folder.logs, "starkbank.log") }, note);
}

type WebInput = { folder: DataFolder; note: NoteProcess; environment: Environments; appUrl: string; port: number; host: string };

function startWeb({ folder, note, environment, appUrl, port, host }: WebInput) {
  const env = { ...environment.system, ...environment.web, APP_URL: appUrl, NEXTAUTH_URL: appUrl, NODE_ENV: isHot ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" } as const;
  keepRunning({ name: "web", args: [NEXT, isHot ? "dev" : "start", "-p", String(port), "-H", host], env, logFile: join(folder.logs, "web.log") }, note);
}

/** Waits until everything is up, by the word of the health page itself. */
async function healthy(port: number, host: string, folder: DataFolder) {
  const url = `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${port}/api/health`;
  const limit = Date.now() + HEALTH_LIMIT_MS;
  let last = "no answer";
  while (Date.now() < limit) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (answer.ok) return;
      last = await answer.text();
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, HEALTH_POLL_MS));
  }
  const logs = ["web", "worker"].map((name) => `\n--- ${name}.log\n${logTail(join(folder.logs, `${name}.log`))}`).join("");
  throw new StartError(`CocoPay did not become healthy within ${HEALTH_LIMIT_MS / 1000} s. The health page says: ${last.slice(0, 500)}. The logs are in ${folder.logs}.${logs}`);
}

function printBlock({ appUrl, state, chains, folder, aveniaUrl }: { appUrl: string; state: SampleState; chains: LocalChain[]; folder: DataFolder; aveniaUrl: string }) {
  const rows: [string, string][] = [
    ["CocoPay", appUrl],
    ["Codes and messages", `${appUrl}/sandbox`],
    ["Bank for Pix tests", `${aveniaUrl}/__sandbox/`],
    ...state.stores.map(({ name, shortCode }): [string, string] => [name, `${appUrl}/p/${shortCode}`]),
    ...(state.stores.length > 0 ? SAMPLE_PEOPLE.map(({ name, phone, role }): [string, string] => [name, `${phone}  ${role}`]) : []),
    ...chains.map(({ chainId, rpcUrl }): [string, string] => [`Chain ${chainId}`, rpcUrl]),
    ["Data and logs", folder.path],
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 3;
  say("Ready");
  console.log(`\n${rows.map(([label, value]) => `  ${label.padEnd(width)}${value}`).join("\n")}\n\n  Ctrl-C stops everything.\n`);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!isStopping) say("Stopping");
    void stopAll(0);
  });
}
// The terminal may be gone while the last lines are written.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) void stopAll(0);
}, PARENT_CHECK_MS).unref();

await start().catch(fail);
