const startedAt = Date.now();

/** A progress line with the seconds since the start. */
export function say(line: string) {
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}
