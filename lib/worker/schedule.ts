import "server-only";
import { parseCronItems, type ParsedCronItem } from "graphile-worker";

/** When recurring jobs run, in cron's fields (UTC). A run that was missed while no worker lived is not made up for. */
export const SCHEDULE = {
  "rates.refresh": "* * * * *",
  "rewards.distribute": "*/10 * * * *",
  "rewards.refresh_states": "*/5 * * * *",
  "analytics.partitions": "15 3 * * *",
  "analytics.daily_stats": "30 3 * * *",
  "stats.roll_up": "* * * * *",
  "recovery.watch": "0 13 * * *",
  "guests.watch": "* * * * *",
  "topups.watch": "* * * * *",
  "tillpix.watch": "* * * * *",
  "topups.subscribe": "*/10 * * * *",
  "transfers.return": "*/10 * * * *",
  "payouts.watch": "* * * * *",
  // Two in the morning of the home town.
  "consolidation.idle": "0 5 * * *",
  "audit.seal": "*/5 * * * *",
  "operations.check_reserves": "*/5 * * * *",
  "rows.remove_old": "45 * * * *",
} as const;

export type ScheduledJob = keyof typeof SCHEDULE;

/** Run at the start of a worker, so that a new stack does not wait for the clock. */
export const AT_START: readonly ScheduledJob[] = ["rates.refresh", "analytics.partitions", "topups.subscribe"];

/** The schedule as graphile-worker takes it (its text form allows no dot in a name); one run of a job at a time. */
export const cronItems = (): ParsedCronItem[] => parseCronItems(Object.entries(SCHEDULE).map(([task, match]) => ({ task, match, options: { maxAttempts: 3, jobKey: task } })));
