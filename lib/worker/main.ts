import "server-only";
import { assertProductionReady, env, workerEnv } from "@/lib/env";
import { log } from "@/lib/log";
import { startWorker } from "./run-worker";

/** A stop that takes longer is ended hard: everything that matters is in the database before it is done. */
const STOP_LIMIT_MS = 2_500;

const say = (error: unknown) => process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);

// A bad variable ends the start with a sentence that names it.
try {
  env();
  workerEnv();
  assertProductionReady("worker");
} catch (error) {
  say(error);
  process.exit(1);
}

const worker = await startWorker();
log().info({ chains: env().CHAIN_IDS }, "worker started");

let isStopping = false;
async function stop(exitCode: number) {
  if (isStopping) return;
  isStopping = true;
  setTimeout(() => process.exit(exitCode), STOP_LIMIT_MS).unref();
  await worker.stop();
  process.exit(exitCode);
}
process.on("SIGTERM", () => void stop(0));
process.on("SIGINT", () => void stop(0));

worker.done.catch((error: unknown) => {
  say(error);
  log().fatal({ err: error }, "worker cannot go on");
  void stop(1);
});
