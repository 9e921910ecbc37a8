import "server-only";
import { sql } from "@/db/client";
import { isChainId, type ChainId } from "@/lib/chain/chains";
import { log } from "@/lib/log";
import { OPERATIONS_CHANNEL } from "@/lib/operations/rules";

/** Hears which chain has new operations in its outbox. postgres.js listens again by itself after a lost connection; the outbox is polled anyway. */
export async function listenForOperations(wake: (chainId: ChainId) => void): Promise<() => Promise<void>> {
  try {
    const listening = await sql.listen(OPERATIONS_CHANNEL, (chainId) => {
      if (isChainId(chainId)) wake(chainId);
    });
    return () => listening.unlisten();
  } catch (error) {
    log().warn({ err: error }, "no hints of new operations, polling alone");
    return () => Promise.resolve();
  }
}
