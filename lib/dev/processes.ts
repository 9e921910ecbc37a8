import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { ROOT, type DataFolder } from "./data-folder";
import { isProcessAlive, processIdentity } from "./identity";
import { say } from "./say";
import { StartError } from "./start-error";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A process that ran this long failed for a new reason: the pause starts small again. */
const STEADY_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

export type Program = {
  name: string;
  args: string[];
  env: Record<string, string>;
  logFile: string;
};

type Noted = { name: string; pid: number; startedAt: string; signal: "SIGINT" | "SIGTERM" };

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Remembers every process of this start in a file, so that the next one can end what a killed start left running. */
export function processNotes(folder: DataFolder) {
  const noted: Noted[] = [];
  return (name: string, pid: number | undefined, signal: Noted["signal"] = "SIGTERM") => {
    if (!pid) return;
    const index = noted.findIndex((one) => one.name === name);
    if (index >= 0) noted.splice(index, 1);
    noted.push({ name, pid, signal, startedAt: processIdentity(pid)?.startedAt ?? "" });
    // Whole at every moment: a reader finds the last list or this one.
    const fresh = `${folder.processes}.new`;
    writeFileSync(fresh, JSON.stringify(noted));
    renameSync(fresh, folder.processes);
  };
}

export type NoteProcess = ReturnType<typeof processNotes>;

/** Ends the processes of an earlier start of this folder that was killed outright. A chain saves its state on SIGINT. */
export async function endLeftovers(folder: DataFolder): Promise<void> {
  if (!existsSync(folder.processes)) return;
  let noted: Noted[] = [];
  try {
    noted = JSON.parse(readFileSync(folder.processes, "utf8")) as Noted[];
  } catch {
    // Not ours, or broken: then the ports tell.
  }
  const alive = noted.filter(({ pid, startedAt }) => isProcessAlive(pid) && processIdentity(pid)?.startedAt === startedAt);
  if (alive.length > 0) say(`Ending what an earlier start left running: ${alive.map(({ name }) => name).join(", ")}`);
  // The database goes last: the others still write to it.
  const isDatabase = ({ name }: Noted) => name === "postgres";
  for (const group of [alive.filter((one) => !isDatabase(one)), alive.filter(isDatabase)]) {
    for (const { pid, signal } of group) signalGroup(pid, signal);
    const until = Date.now() + STOP_LIMIT_MS;
    while (group.some(({ pid }) => isProcessAlive(pid)) && Date.now() < until) await wait(50);
    for (const { pid } of group) if (isProcessAlive(pid)) signalGroup(pid, "SIGKILL");
  }
}

/** Signals a process with everything it started, when it leads a group of its own. */
function signalGroup(pid: number, signal: NodeJS.Signals) {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // No such group, or already gone.
    }
  }
}

/** Programs that run now. After `endPrograms` none starts any more. */
const programs = new Set<ChildProcess>();
let isEnding = false;

/** Node with arguments, in its own process group, output to a file. */
function spawnNode({ args, env, logFile }: Program): ChildProcess {
  if (isEnding) throw new Error("The stack is stopping");
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, args, { cwd: ROOT, env: env as NodeJS.ProcessEnv, stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  programs.add(child);
  child.once("exit", () => programs.delete(child));
  return child;
}

/** Ends every program side by side and lets none start again. Resolves when all are gone; a deaf one is killed. */
export async function endPrograms(): Promise<void> {
  isEnding = true;
  await Promise.all(
    [...programs].map(async (child) => {
      if (child.pid === undefined) return;
      const { pid } = child;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      signalGroup(pid, "SIGTERM");
      const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), STOP_LIMIT_MS);
      await gone;
      clearTimeout(timer);
    }),
  );
}

/** Keeps a program running until `endPrograms`: when it dies it is started again, after a pause that grows while it keeps dying. */
export function keepRunning(program: Program, note: NoteProcess): void {
  let pauseMs = FIRST_PAUSE_MS;
  const start = () => {
    if (isEnding) return;
    const startedAt = Date.now();
    const child = spawnNode(program);
    note(program.name, child.pid);
    child.once("exit", (code, signal) => {
      if (isEnding) return;
      if (Date.now() - startedAt > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      say(`The ${program.name} process ended (${signal ?? `code ${code}`}); it starts again. Its log: ${program.logFile}`);
      setTimeout(start, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    });
  };
  start();
}

/** Runs a program to its end. Throws with the end of its log when it fails. */
export async function runToEnd(program: Program, note: NoteProcess): Promise<void> {
  const child = spawnNode(program);
  note(program.name, child.pid);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new StartError(`The step "${program.name}" failed. The end of ${program.logFile}:\n${logTail(program.logFile)}`);
}

const TAIL_LINES = 30;

/** The last lines of a log. */
export function logTail(logFile: string): string {
  return existsSync(logFile) ? readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-TAIL_LINES).join("\n") : "(empty)";
}
