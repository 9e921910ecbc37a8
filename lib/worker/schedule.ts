/** When recurring jobs run, in cron's fields (UTC). A run that was missed while no worker lived is not made up for. */
export const SCHEDULE = {
  "rates.refresh": "* * * * *",
  "rewards.distribute": "*/10 * * * *",
  "rewards.refresh_states": "*/5 * * * *",
  "analytics.partitions": "15 3 * * *",
  "analytics.daily_stats": "30 3 * * *",
  "audit.seal": "*/5 * * * *",
  "rows.remove_old": "45 * * * *",
} as const;

export type ScheduledJob = keyof typeof SCHEDULE;

/** Run at the start of a worker, so that a new stack does not wait for the clock. */
export const AT_START: readonly ScheduledJob[] = ["rates.refresh", "analytics.partitions"];

/** The schedule as graphile-worker reads it; one run of a job at a time. */
export const crontab = (): string => Object.entries(SCHEDULE).map(([name, when]) => `${when} ${name} ?max=3&jobKey=${name}`).join("\n");
