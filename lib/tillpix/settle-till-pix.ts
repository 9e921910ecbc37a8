import "server-only";
import { sql } from "@/db/client";
import { linkTillPix } from "./link-till-pix";
import { queueTillReward } from "./queue-reward";

/**
 * After the chain's word on a deposit or on a reward's transfer: a deposit that failed is made anew, a sale that is paid gives its reward to whoever
 * claimed it already, a transfer that failed is tried again by the minute's round. Worker only, safe to repeat.
 */
export async function settleTillPix(transactionId: string): Promise<void> {
  const [row] = await sql<{ id: string; status: string }[]>`SELECT p.id, t.status FROM till_pix p JOIN transactions t ON t.id = p.transaction_id WHERE p.transaction_id = ${transactionId}`;
  if (row?.status === "failed") await linkTillPix(row.id);
  if (row?.status === "confirmed") await queueTillReward(row.id);
}
