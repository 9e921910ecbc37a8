import "server-only";
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { newId, nonceKeyOf } from "@/lib/ids";
import { log } from "@/lib/log";
import { hintOperations } from "@/lib/operations/hint";
import { changePix, lockPix } from "./change-status";

/** Puts the transfer of a claimed reward into the outbox, once the sale is paid on chain. Of two runs one does, and a transfer that failed is made anew. Worker only, safe to repeat. */
export async function queueTillReward(pixId: string): Promise<void> {
  const chainId = await db.transaction(async (tx) => {
    await tx.execute(sql`SELECT store_lock(p.store_id) FROM till_pix p WHERE p.id = ${pixId}`);
    const id = newId();
    const [answer] = await tx.execute<{ result: "queued" | "again" | "waits" | "account_not_ready" }>(sql`SELECT till_pix_reward(${pixId}, ${id}, ${nonceKeyOf(id).toString()}::numeric) AS result`);
    if (answer?.result === "account_not_ready") log().info({ pixId }, "a reward waits for an account");
    if (answer?.result !== "queued") return null;
    const row = await lockPix(tx, pixId);
    if (row) await changePix(tx, row, row.status, { rewardTransactionId: id, checkedAt: new Date() });
    return row?.chainId ?? null;
  });
  if (chainId) hintOperations(chainId);
}
