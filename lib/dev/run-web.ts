import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { NEXT } from "./build";
import { ROOT } from "./data-folder";

/** `npm run web`: the production web process. Refuses by name what is missing or unsafe, then hands over to Next's server. */
process.env.APP_ENV ??= "production";
const port = process.env.PORT ?? "3000";
// Joining a local stack (--env .data/web.env) the address follows the port; in production it is named.
if (process.env.APP_ENV !== "production") process.env.APP_URL ??= `http://localhost:${port}`;
process.env.NEXTAUTH_URL ??= process.env.APP_URL;

const { assertProductionReady } = await import("@/lib/env");
try {
  assertProductionReady("web");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
if (!existsSync(join(ROOT, ".next/BUILD_ID"))) {
  console.error("The web app is not built yet: run `npm run build` first.");
  process.exit(1);
}

// A process of its own: this one runs under React's server condition, which Next must not.
const server = spawn(process.execPath, [NEXT, "start", "-p", port, "-H", process.env.HOST ?? "0.0.0.0"], { cwd: ROOT, stdio: "inherit", env: { ...process.env, NODE_ENV: "production" } });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.kill(signal));
server.on("exit", (code) => process.exit(code ?? 1));
