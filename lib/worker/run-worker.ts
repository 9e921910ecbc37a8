import "server-only";
import { setMaxListeners } from "node:events";
import { Logger, run, type Runner } from "graphile-worker";
import { closeDatabase } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { runConsolidations } from "@/lib/consolidation/run-consolidations";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { taskList } from "./handlers";
import { listenForOperations } from "./listen";
import { runChain } from "./run-chain";
import { AT_START, cronItems } from "./schedule";

/** Jobs at once: they wait for nodes and the database more than they work. */
const JOBS_AT_ONCE = 4;
const JOBS_POLL_MS = 1_000;
/** The queue tells of each job's start and end as "info"; to us that is detail. */
const PINO_LEVELS = { error: "error", warning: "warn", info: "debug", debug: "debug" } as const;

export type RunningWorker = {
  /** Ends every loop; what is on its way stays recorded and goes on after the next start. */
  stop: () => Promise<void>;
  /** Rejects when the worker cannot go on: a chain that is not this database's. */
  done: Promise<void>;
};

/** Starts the worker in this process: jobs, schedules, money between chains, and for each enabled chain its outbox, bundler and follower. Several may run side by side. */
export async function startWorker(): Promise<RunningWorker> {
  const abort = new AbortController();
  // Every loop of every chain listens for the stop: many are meant, and Node takes more than ten for a leak.
  setMaxListeners(0, abort.signal);
  const chains = new Map(env().CHAIN_IDS.map((chainId) => [chainId, runChain(chainId, abort.signal)] as const));
  const unlisten = await listenForOperations((chainId: ChainId) => chains.get(chainId)?.wake());
  const consolidations = runConsolidations(abort.signal);
  const jobs = await startJobs();
  const stop = async () => {
    abort.abort();
    await Promise.allSettled([jobs.stop(), unlisten(), consolidations, ...[...chains.values()].map(({ done }) => done)]);
    await closeDatabase();
  };
  return { stop, done: Promise.all([...chains.values()].map(({ done }) => done)).then(() => {}) };
}

async function startJobs(): Promise<Runner> {
  const runner = await run({
    connectionString: connectionString(),
    taskList: taskList(),
    parsedCronItems: cronItems(),
    concurrency: JOBS_AT_ONCE,
    pollInterval: JOBS_POLL_MS,
    noHandleSignals: true,
    logger: new Logger((scope) => (level, message) => {
      const entry = { job: scope.taskIdentifier, jobId: scope.jobId };
      log()[PINO_LEVELS[level]](entry, message);
    }),
  });
  for (const name of AT_START) await runner.addJob(name, {}, { jobKey: name });
  return runner;
}

/** The queue has its own pool; it takes the same role as the others. */
function connectionString(): string {
  const { DATABASE_URL, DATABASE_ROLE } = env();
  if (!DATABASE_ROLE) return DATABASE_URL;
  const url = new URL(DATABASE_URL);
  url.searchParams.set("options", `-c role=${DATABASE_ROLE}`);
  return url.href;
}
