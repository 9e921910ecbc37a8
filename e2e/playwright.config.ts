import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import { freePort } from "../lib/dev/ports";

// Chosen once: the workers of Playwright load this file again and find it in the environment.
process.env.E2E_PORT ??= String(await freePort());

/** Debian's Chromium by default; without it, Playwright's own. */
export const chromium = process.env.CHROMIUM_PATH ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
export const CHROMIUM_FLAGS = [
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

const PAGE_LIMIT_MS = 15_000;

export default defineConfig({
  testDir: ".",
  outputDir: "../.e2e-results",
  globalSetup: "./start-stack.ts",
  // The stack and the browser share the machine's cores: one journey at a time keeps times true.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: PAGE_LIMIT_MS },
  forbidOnly: Boolean(process.env.CI),
  // Shared machines stall for seconds at times; a second failure is no stall, and a first one is named as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  use: {
    baseURL: `http://localhost:${process.env.E2E_PORT}`,
    locale: "pt-BR",
    timezoneId: "America/Sao_Paulo",
    actionTimeout: PAGE_LIMIT_MS,
    navigationTimeout: 30_000,
    trace: "retain-on-failure",
    launchOptions: { ...(chromium ? { executablePath: chromium } : {}), args: CHROMIUM_FLAGS },
  },
  projects: [
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
    // What does not depend on the size runs once, at the phone's.
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } }, testIgnore: /(bad-input|second-process|sandbox|add-funds-ends)\.spec\.ts/ },
  ],
});
