import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  root,
  resolve: { alias: { "@": root.replace(/\/$/, ""), "server-only": `${root}lib/test/empty.ts` } },
  test: {
    include: ["{lib,db,components,app}/**/*.test.{ts,tsx}"],
    globalSetup: "lib/test/global-setup.ts",
    setupFiles: ["lib/test/setup-file.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    // As for the journeys: a shared machine may stall once.
    retry: process.env.CI ? 1 : 0,
    hookTimeout: 60_000,
  },
});
