import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./data-folder";
import { runToEnd, type NoteProcess } from "./processes";

/** What the web app is made of. Tests, the worker's migrations and the documents are not in it. */
const SOURCES = ["app", "components", "db", "lib", "public", "instrumentation.ts", "next.config.ts", "package.json", "package-lock.json", "proxy.ts", "tsconfig.json"];
const NOT_SOURCES = /\.test\.tsx?$|^lib\/test\/|^lib\/dev\/(?!chain\/)|\.sol$|\.sql$/;

const buildFolder = join(ROOT, ".next");
/** Inside the build, so that it goes with it. */
const hashFile = join(buildFolder, "cocopay-sources");
export const NEXT = join(ROOT, "node_modules/next/dist/bin/next");

function files(path: string): string[] {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full, { withFileTypes: true }).flatMap((entry) => files(`${path}/${entry.name}`));
}

/** One hash over names and contents of everything that the build reads, and over the Node that builds. */
function sourceHash(): string {
  const hash = createHash("sha256").update(process.versions.node);
  for (const file of SOURCES.flatMap(files).filter((path) => !NOT_SOURCES.test(path)).toSorted()) hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

/** True when the production build is there and was made from what the sources hold now. */
export function isBuilt(): boolean {
  return existsSync(join(buildFolder, "BUILD_ID")) && existsSync(hashFile) && readFileSync(hashFile, "utf8") === sourceHash();
}

/** Builds the web app. Throws with the end of the build's output when it fails. */
export async function buildWeb({ system, logFile, note }: { system: Record<string, string>; logFile: string; note: NoteProcess }): Promise<void> {
  const hash = sourceHash();
  rmSync(hashFile, { force: true });
  await runToEnd({ name: "build", args: [NEXT, "build"], env: { ...system, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" }, logFile }, note);
  writeFileSync(hashFile, hash);
}
