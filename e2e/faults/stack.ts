import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import postgres, { type Sql } from "postgres";
import type { ChainId } from "@/lib/chain/chains";
import { anvilClient, type AnvilClient } from "@/lib/dev/chain/anvil-client";
import { freePort } from "@/lib/dev/ports";
import { until } from "./until";

export const CHAIN: ChainId = "84532";
export const OTHER_CHAIN: ChainId = "11155420";
const READY_LIMIT_MS = 300_000;
const launcher = fileURLToPath(new URL("../../lib/dev/launch.mjs", import.meta.url));

export type ProcessName = "web" | "worker" | `chain ${ChainId}`;

/** The stack under test: the processes that `npm start` made, a second web process, and ways to look and to hurt. */
export type Stack = {
  folder: string;
  /** Two web processes over one database; the first is the one that `npm start` keeps running. */
  web: readonly [string, string];
  /** As the database's owner, to read what the processes wrote. */
  db: Sql;
  databaseUrl: string;
  nextauthSecret: string;
  chains: Record<ChainId, AnvilClient>;
  store: { storeId: string; shortCode: string; ownerId: string };
  /** The present process of a name; a restarted one has another number. */
  pid: (name: ProcessName) => number;
  signal: (name: ProcessName, signal: NodeJS.Signals) => void;
  /** Runs another command of the launcher with the stack's environment and answers what it printed. */
  command: (name: "rebuild") => Promise<string>;
  stop: () => Promise<void>;
};

/**
 * Starts everything by the command that people use, with a data folder of its own. FAULT_DATA_DIR and PORT of a stack that runs
 * already spare the start while checks are written.
 */
export async function startStack(): Promise<Stack> {
  const running = process.env.FAULT_DATA_DIR;
  const port = running ? Number(process.env.PORT ?? 3000) : await freePort();
  const folder = running ?? mkdtempSync(join(tmpdir(), "cocopay-faults-"));
  const first = running ? null : await startFirst(folder, port);
  const secondPort = await freePort();
  const second = spawnCommand(["web", "--env", join(folder, "web.env")], { PORT: String(secondPort) }, "ignore");
  const web = [`http://localhost:${port}`, `http://localhost:${secondPort}`] as const;
  await until("the second web process is up", () => fetch(`${web[1]}/api/health`).then(({ ok }) => ok, () => false), 60_000);

  const secrets = JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8")) as { databaseOwnerPassword: string };
  const ports = JSON.parse(readFileSync(join(folder, "ports.json"), "utf8")) as { postgres: number };
  const variables = parseEnv(readFileSync(join(folder, "web.env"), "utf8"));
  const databaseUrl = `postgres://cocopay:${secrets.databaseOwnerPassword}@127.0.0.1:${ports.postgres}/cocopay`;
  const db = postgres(databaseUrl, { max: 8, onnotice: () => {} });
  const [store] = await db<Stack["store"][]>`
    SELECT s.id AS "storeId", s.short_code AS "shortCode", m.user_id AS "ownerId" FROM stores s JOIN store_members m ON m.store_id = s.id AND m.role = 'owner' WHERE s.symbol = 'CAFE'`;
  if (!store) throw new Error("There is no sample store");

  const pid = (name: ProcessName) => {
    const noted = JSON.parse(readFileSync(join(folder, "processes.json"), "utf8")) as { name: string; pid: number }[];
    const found = noted.find((one) => one.name === name);
    if (!found) throw new Error(`No process ${name}`);
    return found.pid;
  };
  const clientOf = (chainId: ChainId) => anvilClient(chainId, variables[`RPC_URL_${chainId}`] ?? "");
  return {
    folder, web, db, databaseUrl, store, pid,
    nextauthSecret: variables.NEXTAUTH_SECRET ?? "",
    chains: { [CHAIN]: clientOf(CHAIN), [OTHER_CHAIN]: clientOf(OTHER_CHAIN) } as Record<ChainId, AnvilClient>,
    signal: (name, signal) => process.kill(pid(name), signal),
    command: (name) => outputOf(spawnCommand([name, "--env", join(folder, "worker.env")], {}, "pipe")),
    stop: async () => {
      await db.end({ timeout: 5 });
      await end(second, "SIGTERM");
      if (!first) return;
      await end(first, "SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function spawnCommand(args: string[], variables: Record<string, string>, stdio: "ignore" | "pipe"): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...variables } as unknown as NodeJS.ProcessEnv;
  return spawn(process.execPath, [launcher, ...args], { env, stdio: ["ignore", stdio, stdio] });
}

async function startFirst(folder: string, port: number): Promise<ChildProcess> {
  const child = spawnCommand(["start"], { PORT: String(port), COCOPAY_DATA_DIR: folder }, "pipe");
  let said = "";
  const hear = (chunk: Buffer) => (said += chunk.toString());
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  await until("the stack is ready", async () => {
    if (child.exitCode !== null) throw new Error(`The stack ended at its start:\n${said}`);
    return said.includes("Ctrl-C stops everything");
  }, READY_LIMIT_MS);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}

async function outputOf(child: ChildProcess): Promise<string> {
  let said = "";
  const hear = (chunk: Buffer) => (said += chunk.toString());
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`A command ended with ${String(code)}:\n${said}`);
  return said;
}
