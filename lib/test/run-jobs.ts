import { Logger, runOnce } from "graphile-worker";
import { sql } from "@/db/client";
import { taskList } from "@/lib/worker/handlers";

/** Runs every job that is due, as the worker would, until none is left. Throws what a job threw. */
export async function runJobs(): Promise<void> {
  await runOnce({ connectionString: process.env.DATABASE_URL ?? "", taskList: taskList(), noHandleSignals: true, logger: new Logger(() => () => {}) });
  const [failed] = await sql<{ task: string; error: string }[]>`SELECT task_identifier AS task, last_error AS error FROM graphile_worker.jobs WHERE last_error IS NOT NULL LIMIT 1`;
  if (failed) throw new Error(`the job ${failed.task} failed: ${failed.error}`);
}
