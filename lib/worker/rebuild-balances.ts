import "server-only";
import { closeDatabase } from "@/db/client";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { env } from "@/lib/env";

const print = (line: string) => process.stdout.write(`${line}\n`);

/** `npm run balances:rebuild`: makes every balance anew from the first block of each chain and prints what changed. */
try {
  for (const chainId of env().CHAIN_IDS) {
    const { block, transfers, differences } = await rebuildBalances(chainId);
    print(`Chain ${chainId}: ${transfers} transfers up to block ${block}, ${differences.length === 0 ? "nothing changed" : `${differences.length} balances corrected`}`);
    for (const change of differences) print(`  ${change.holder} ${change.holderId} ${change.tokenAddress}: ${change.before} -> ${change.after}`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
