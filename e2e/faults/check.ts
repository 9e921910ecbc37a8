import assert from "node:assert/strict";
import { CHAIN, OTHER_CHAIN, startStack, type Stack } from "./stack";
import { chainReader, type ChainReader } from "./reader";

export type World = Stack & { reader: ChainReader; otherReader: ChainReader };

/** One proof: what holds, and how to try to break it. Answers the figures for the report. */
export type Check = { name: string; run: (world: World) => Promise<string> };

const failureOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Runs the checks one after another on one stack (those whose names hold a word of the command line, or all) and counts. */
export async function runChecks(checks: readonly Check[]): Promise<boolean> {
  const words = process.argv.slice(2);
  const chosen = checks.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  assert(chosen.length > 0, `No check is named like ${words.join(", ")}`);
  const stack = await startStack();
  const readerOf = (chainId: typeof CHAIN) => chainReader(stack.chains[chainId].transport.url ?? "", 0n);
  const world: World = { ...stack, reader: readerOf(CHAIN), otherReader: readerOf(OTHER_CHAIN) };
  let failed = 0;
  try {
    for (const { name, run } of chosen) {
      const began = performance.now();
      const outcome = await run(world).then((figures) => ({ figures }), (error: unknown) => ({ error }));
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      if ("error" in outcome) failed += 1;
      console.log("error" in outcome ? `not ok  ${name} (${seconds} s)\n${failureOf(outcome.error)}` : `ok      ${name} (${seconds} s): ${outcome.figures}`);
    }
  } finally {
    await stack.stop();
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  return failed === 0;
}
