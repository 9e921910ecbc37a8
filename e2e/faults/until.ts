export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until something is so and answers how long that took, in milliseconds. Throws when the limit passes first. */
export async function until(what: string, isSo: () => Promise<unknown>, limitMs = 60_000, pollMs = 20): Promise<number> {
  const began = performance.now();
  while (!(await isSo())) {
    if (performance.now() - began > limitMs) throw new Error(`Waited ${limitMs / 1000} s in vain until ${what}`);
    await pause(pollMs);
  }
  return Math.round(performance.now() - began);
}
