import "server-only";
import type { Rate } from "./rules";

/** Reais per dollar by weekday, Sunday first: a believable drift that is the same on every machine. */
const BY_WEEKDAY = [5_500_000n, 5_480_000n, 5_510_000n, 5_495_000n, 5_520_000n, 5_505_000n, 5_500_000n];
const HOUR_MS = 3_600_000;

/** The fixed table of the sandbox, quoted at the top of the hour. */
export function fetchSandboxRate(now: Date): Promise<Rate> {
  const quotedAt = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
  return Promise.resolve({ brlPerUsdMicros: BY_WEEKDAY[quotedAt.getUTCDay()] ?? 5_500_000n, quotedAt, source: "sandbox" });
}
