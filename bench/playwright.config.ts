import { defineConfig } from "@playwright/test";
import e2e from "../e2e/playwright.config";

/** The same stack, browser and fixtures as the journeys; one long measurement a file. */
export default defineConfig({ ...e2e, testDir: ".", testMatch: ["latency.spec.ts", "sign.spec.ts"], globalSetup: "../e2e/start-stack.ts", timeout: 900_000, projects: [{ name: "phone", use: { viewport: { width: 390, height: 844 } } }] });
