import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";

const READY_LIMIT_MS = 300_000;
const launcher = fileURLToPath(new URL("../lib/dev/launch.mjs", import.meta.url));

/**
 * The whole stack once for the run, by the very command that people use, with an empty data folder of its own. E2E_DATA_DIR and
 * E2E_PORT of a stack that runs already spare the start while specs are written.
 */
export default async function startStack() {
  if (process.env.E2E_DATA_DIR) {
    readConnections(process.env.E2E_DATA_DIR);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "cocopay-e2e-"));
  const { E2E_PORT, PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: E2E_PORT, COCOPAY_DATA_DIR: folder, NODE_ENV: undefined };
  const stack = spawn(process.execPath, [launcher, "start"], { env: env as unknown as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise<void>((resolve) => stack.once("exit", () => resolve()));
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The stack was not ready within ${READY_LIMIT_MS / 1000} s:\n${said}`)), READY_LIMIT_MS);
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes("Ctrl-C stops everything")) return;
      clearTimeout(timer);
      resolve();
    };
    stack.stdout.on("data", hear);
    stack.stderr.on("data", hear);
    void exited.then(() => reject(new Error(`The stack ended at its start:\n${said}`)));
  });
  readConnections(folder);
  return async () => {
    stack.kill("SIGINT");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
}

/** What fixtures need beside the pages goes to the workers by the environment. */
function readConnections(folder: string) {
  const secrets = JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8")) as { databaseOwnerPassword: string };
  const ports = JSON.parse(readFileSync(join(folder, "ports.json"), "utf8")) as { postgres: number };
  const { NEXTAUTH_SECRET, RPC_URL_84532, RPC_URL_11155420 } = parseEnv(readFileSync(join(folder, "web.env"), "utf8"));
  Object.assign(process.env, {
    E2E_DATA_DIR: folder,
    E2E_DATABASE_URL: `postgres://cocopay:${secrets.databaseOwnerPassword}@127.0.0.1:${ports.postgres}/cocopay`,
    NEXTAUTH_SECRET,
    RPC_URL_84532,
    RPC_URL_11155420,
  });
}
