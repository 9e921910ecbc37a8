import "server-only";
import { sql as fragment } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { USDC } from "@/lib/chain/addresses";
import { nameTopUp } from "@/lib/follower/name-top-up";
import { enqueue } from "@/lib/jobs/enqueue";
import { log } from "@/lib/log";
import { changeTopUp, lockTopUp, type TopUpRow } from "./change-status";

const LOOK_AGAIN_MS = 1_000;
/** For this long the page's person waits; afterwards the minute's round is enough. */
const LOOKS_FOR_MS = 120_000;

/**
 * Joins a top-up with the dollars that the follower saw: the journal shows the provider's transaction on the person's own account. It works
 * whichever came first, the provider's word or the block, and undoes itself when a reorg took the dollars away. Worker only, safe to repeat.
 */
export async function linkTopUp(topUpId: string, now = new Date()): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await lockTopUp(tx, topUpId);
    if (!row?.txHash || (row.status !== "paid" && row.status !== "done")) return;
    const arrivedUsdMicros = await arrivedBy(tx, row);
    if (arrivedUsdMicros === 0n) {
      if (row.status === "done") await changeTopUp(tx, row, "paid", { transactionId: null, arrivedUsdMicros: null });
      else if (now.getTime() - (row.paidAt ?? row.updatedAt).getTime() < LOOKS_FOR_MS) await lookAgain(tx, topUpId);
      return;
    }
    if (await isTakenByAnother(tx, row)) {
      log().error({ topUpId }, "the provider named one transaction for two top-ups");
      return;
    }
    const transactionId = await nameTopUp(tx, { chainId: row.chainId, txHash: row.txHash, userId: row.userId });
    await changeTopUp(tx, row, "done", { doneAt: row.doneAt ?? now, arrivedUsdMicros, ...(transactionId ? { transactionId } : {}) });
    // The follower writes its list of what came in beside the journal; it is named as soon as it is there.
    if (!transactionId && now.getTime() - (row.doneAt ?? now).getTime() < LOOKS_FOR_MS) await lookAgain(tx, topUpId);
  });
}

const lookAgain = (tx: Tx, topUpId: string) => enqueue(tx, "topups.link", { topUpId }, { key: `topups.link:${topUpId}`, runAt: new Date(Date.now() + LOOK_AGAIN_MS) });

/** Dollars that this transaction brought to the person's account, by the journal; zero while the follower has not seen it. */
async function arrivedBy(tx: Tx, { chainId, txHash, userId }: TopUpRow): Promise<bigint> {
  const [row] = await tx.execute<{ arrived: string }>(fragment`
    SELECT COALESCE(sum(c.delta), 0)::text AS arrived
    FROM balance_changes c JOIN token_balances b ON b.id = c.balance_id
    WHERE b.user_id = ${userId} AND b.chain_id = ${chainId}::chain_id AND b.token_address = ${USDC[chainId]} AND c.holder = 'person' AND c.tx_hash = ${txHash} AND c.delta > 0`);
  return BigInt(row?.arrived ?? 0);
}

async function isTakenByAnother(tx: Tx, row: TopUpRow): Promise<boolean> {
  const rows = await tx.execute(fragment`
    SELECT 1 FROM top_ups WHERE chain_id = ${row.chainId}::chain_id AND tx_hash = ${row.txHash} AND user_id = ${row.userId} AND status = 'done' AND id <> ${row.id} LIMIT 1`);
  return rows.length > 0;
}
