/** `npm run worker`: the production worker. Refuses by name what is missing or unsafe, then becomes the worker. */
process.env.APP_ENV ??= "production";

const { assertProductionReady } = await import("@/lib/env");
try {
  assertProductionReady("worker");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
await import("../worker/main");

export {};
