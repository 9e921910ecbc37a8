// The door of every npm command. Plain JavaScript, so that an old Node or a missing install is told in a sentence.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = [20, 19];
const ENTRIES = {
  start: "lib/dev/start.ts",
  dev: "lib/dev/start.ts",
  web: "lib/dev/run-web.ts",
  worker: "lib/dev/run-worker.ts",
  rebuild: "lib/worker/rebuild-balances.ts",
  "rotate-keys": "lib/worker/rotate-keys.ts",
  "verify-audit": "lib/worker/verify-audit.ts",
  test: "lib/dev/test-all.ts",
};
/** How often to look whether the npm that started us is still there. */
const PARENT_CHECK_MS = 500;

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [command, ...rest] = process.argv.slice(2);

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  refuse(`CocoPay needs Node ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}.`);
}
if (!existsSync(join(root, "node_modules/tsx/package.json"))) refuse("The packages are not installed yet: run `npm install` first.");
const entry = ENTRIES[command];
if (!entry) refuse(`Unknown command "${command ?? ""}": one of ${Object.keys(ENTRIES).join(", ")}.`);

// `--env <file>` joins a running stack: the file's variables hold where the environment names none (Node's own --env-file).
const nodeFlags = ["--conditions=react-server", "--import", "tsx"];
const localEnv = join(resolve(root, process.env.COCOPAY_DATA_DIR ?? ".data"), "worker.env");
// A tool without a database named works on the local stack.
if (["rebuild", "rotate-keys", "verify-audit"].includes(command) && !rest.includes("--env") && !process.env.DATABASE_URL && existsSync(localEnv)) rest.push("--env", localEnv);
const envAt = rest.indexOf("--env");
if (envAt >= 0) {
  const file = rest[envAt + 1];
  if (!file || !existsSync(file)) refuse(`There is no file ${file ?? ""} to read variables from; \`npm start\` writes .data/web.env and .data/worker.env.`);
  nodeFlags.push(`--env-file=${file}`);
  rest.splice(envAt, 2);
}

const child = spawn(process.execPath, [...nodeFlags, join(root, entry), ...(command === "dev" ? ["--hot", ...rest] : rest)], { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

// Killed outright, npm passes nothing on: then its going is the signal.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent) child.kill("SIGTERM");
  }, PARENT_CHECK_MS).unref();
}

child.on("exit", (code, signal) => {
  if (!signal) process.exit(code ?? 1);
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(name);
  process.kill(process.pid, signal);
});
