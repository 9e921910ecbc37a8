import { cpus, totalmem } from "node:os";

/** What the figures were taken on; ratios within one run are what counts. */
export const machine = () => `${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;

/** Runs `one` in so many lanes for so long; answers calls a second. A failing call ends the run. */
export async function callsPerSecond(one: (lane: number, turn: number) => Promise<unknown>, { lanes, forMs }: { lanes: number; forMs: number }): Promise<number> {
  const startedAt = performance.now();
  let calls = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let turn = 0; performance.now() - startedAt < forMs; turn++) {
        await one(lane, turn);
        calls++;
      }
    }),
  );
  return (calls * 1_000) / (performance.now() - startedAt);
}

/** The value below which this share of the samples lies; share from 0 to 1. */
export function percentile(samples: number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (samples: number[]) => percentile(samples, 0.5);
