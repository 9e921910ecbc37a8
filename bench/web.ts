import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "@/db/client";
import { mintToken } from "@/lib/auth/session-token";
import { buildWeb, isBuilt, NEXT } from "@/lib/dev/build";
import { freePort } from "@/lib/dev/ports";
import { newId } from "@/lib/ids";

const START_LIMIT_MS = 60_000;

/** One production web process over the benchmark's database, and its address. The worker stays away: payments wait in the outbox. */
export async function startBenchWeb() {
  const { PATH = "", HOME = "" } = process.env;
  if (!isBuilt()) await buildWeb({ system: { PATH, HOME }, logFile: join(tmpdir(), "cocopay-bench-build.log"), note: () => {} });
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const env = { ...process.env, APP_URL: origin, NEXTAUTH_URL: origin, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" } as const;
  const server = spawn(process.execPath, [NEXT, "start", "-p", String(port), "-H", "127.0.0.1"], { env, stdio: "ignore" });
  const startedAt = performance.now();
  while (!(await fetch(`${origin}/login`).then(({ ok }) => ok, () => false))) {
    if (performance.now() - startedAt > START_LIMIT_MS) throw new Error("The web process did not answer");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { origin, stop: () => new Promise<void>((resolve) => (server.once("exit", () => resolve()), server.kill("SIGTERM"))) };
}

/** A session of a person, as the cookie's text. */
export async function sessionCookie(userId: string): Promise<string> {
  const sessionId = newId();
  const token = await mintToken({ userId, sessionId });
  const hash = createHash("sha256").update(token).digest("hex");
  await sql`INSERT INTO sessions (id, user_id, token_hash, auth_method, expires_at) VALUES (${sessionId}, ${userId}, ${hash}, 'phone', now() + INTERVAL '1 hour')`;
  return `session=${token}`;
}
