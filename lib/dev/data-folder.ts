import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isProcessAlive, processIdentity } from "./identity";
import { StartError } from "./start-error";

/** The project's own folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/** Everything the local stack keeps, each below the data folder. `--reset` removes these and nothing else. */
const CONTENTS = {
  secrets: "secrets.json",
  ports: "ports.json",
  processes: "processes.json",
  postgres: "postgres",
  chains: "chains",
  avenia: "avenia.json",
  starkbank: "starkbank.json",
  logs: "logs",
  webEnv: "web.env",
  workerEnv: "worker.env",
  /** Says that a start once became ready: from then on what lies here is somebody's data. */
  complete: "complete",
} as const;

export type DataFolder = Record<keyof typeof CONTENTS, string> & { path: string };

/** The data folder: `.data` below the project, or COCOPAY_DATA_DIR. */
export function dataFolder(): DataFolder {
  const path = resolve(ROOT, process.env.COCOPAY_DATA_DIR ?? ".data");
  const entries = Object.entries(CONTENTS).map(([name, file]) => [name, join(path, file)]);
  return { path, ...Object.fromEntries(entries) } as DataFolder;
}

/** Makes a folder and what leads to it. Node's own recursion never ends where every mkdir answers "no such file", such as in /proc. */
function makeFolder(path: string) {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Makes the folder when missing and proves that it can be written. Fails with a sentence that says what to do. */
export function openDataFolder(): DataFolder {
  const folder = dataFolder();
  try {
    makeFolder(folder.logs);
    const probe = join(folder.path, `.probe-${process.pid}`);
    writeFileSync(probe, "");
    unlinkSync(probe);
  } catch {
    throw new StartError(`The folder ${folder.path} can't be written. Give this account the right to write there, or name another folder in COCOPAY_DATA_DIR.`);
  }
  return folder;
}

/** Removes what the stack made, but for what is named. Whatever else lies in the folder stays. */
export function resetDataFolder(folder: DataFolder, keep: (keyof typeof CONTENTS)[] = []) {
  for (const name of Object.keys(CONTENTS) as (keyof typeof CONTENTS)[]) {
    if (!keep.includes(name)) rmSync(folder[name], { recursive: true, force: true });
  }
  rmSync(`${folder.postgres}.new`, { recursive: true, force: true });
  mkdirSync(folder.logs, { recursive: true });
}

/**
 * Makes sure that database and chains are either both there or both new. A first start that was ended before it became
 * ready holds nobody's data and begins again; after that, a missing half is told with what to do.
 */
export function assertWhole(folder: DataFolder) {
  if (!existsSync(folder.complete)) {
    resetDataFolder(folder, ["secrets"]);
    return;
  }
  const parts: [string, boolean][] = [
    ["database", existsSync(folder.postgres) || process.env.DATABASE_URL !== undefined],
    ["chains", existsSync(folder.chains)],
  ];
  const missing = parts.find(([, isThere]) => !isThere);
  if (missing) throw new StartError(`The data of the ${missing[0]} in ${folder.path} is gone, and the rest no longer belongs to anything. Run \`npm start -- --reset\` to begin anew.`);
}

/** One start at a time in a folder. Answers how to give the lock back; a lock whose process is gone is taken over. */
export function lockDataFolder(folder: DataFolder): () => void {
  const path = join(folder.path, "lock");
  const mine = JSON.stringify({ pid: process.pid, startedAt: processIdentity(process.pid)?.startedAt });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = openSync(path, "wx");
      writeFileSync(file, mine);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch {
      const holder = readLock(path);
      if (holder && isProcessAlive(holder.pid) && processIdentity(holder.pid)?.startedAt === holder.startedAt) break;
      rmSync(path, { force: true });
    }
  }
  const pid = readLock(path)?.pid;
  throw new StartError(`CocoPay runs already with the data in ${folder.path}${pid ? ` (process ${pid})` : ""}. Stop it first, or name another folder in COCOPAY_DATA_DIR.`);
}

function readLock(path: string): { pid: number; startedAt: string } | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { pid: number; startedAt: string };
  } catch {
    return undefined;
  }
}
