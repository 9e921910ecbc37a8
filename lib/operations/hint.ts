import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { log } from "@/lib/log";
import { OPERATIONS_CHANNEL } from "./rules";

/** Hints of one moment leave together: a busy process notifies at most once per this long and chain. */
const BATCH_MS = 5;
const waiting = new Set<ChainId>();

/** Wakes the worker after a commit that queued an operation. Losing a hint costs a poll interval, never a payment. */
export function hintOperations(chainId: ChainId) {
  if (waiting.has(chainId)) return;
  waiting.add(chainId);
  setTimeout(() => {
    waiting.delete(chainId);
    sql`SELECT pg_notify(${OPERATIONS_CHANNEL}, ${chainId})`.catch((error: unknown) => log().warn({ error }, "hint not sent"));
  }, BATCH_MS);
}
