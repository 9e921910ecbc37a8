import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** True while a process of this number runs (whoever owns it, and whatever it is). */
export function isProcessAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

export type ProcessIdentity = { startedAt: string; command: string };

/** When a process started and its command line: process numbers come round again, this pair does not. */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  try {
    if (existsSync("/proc/self/stat")) {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The second field is the program's name in brackets and may hold spaces; the start time is the 22nd.
      const startedAt = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
      return { startedAt, command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") };
    }
    const ask = (field: string) => execFileSync("ps", ["-o", `${field}=`, "-p", String(pid)], { encoding: "utf8" }).trim();
    return { startedAt: ask("lstart"), command: ask("command") };
  } catch {
    return undefined;
  }
}
