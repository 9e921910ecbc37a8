/** Older than this, a rate is still used and the screen says its age (RAILS.md §5). */
export const RATE_STALE_MS = 36 * 60 * 60 * 1000;

/** Reais per dollar, with the time its source gave it. */
export type Rate = { brlPerUsdMicros: bigint; quotedAt: Date; source: string };

export const isRateStale = (quotedAt: Date, now: Date): boolean => now.getTime() - quotedAt.getTime() > RATE_STALE_MS;
