import "server-only";
import { sql } from "@/db/client";
import { shownPhone } from "@/lib/auth/phone";
import { phoneHashOf } from "@/lib/transfers/payee";
import { queueTillReward } from "./queue-reward";

const ROWS_MAX = 200;

/**
 * Somebody's account is ready: rewards that wait for the phone that they signed in with become theirs. The phone is proven by its code, so nobody has to
 * be asked; a reward is a gift. Worker only, safe to repeat.
 */
export async function claimWaitingRewards(userId: string): Promise<void> {
  const [person] = await sql<{ phone: string }[]>`SELECT phone FROM users WHERE id = ${userId} AND deleted_at IS NULL AND phone_verified_at IS NOT NULL`;
  if (!person?.phone.startsWith("+")) return;
  const hash = phoneHashOf(person.phone);
  const waiting = await sql<{ id: string }[]>`SELECT id FROM till_pix WHERE phone_hash = ${hash} AND claimed_by IS NULL ORDER BY id LIMIT ${ROWS_MAX}`;
  for (const { id } of waiting) {
    const [answer] = await sql<{ result: string }[]>`SELECT till_pix_claim(${userId}, ${id}, ${hash}, ${shownPhone(person.phone)}) AS result`;
    if (answer?.result === "claimed") await queueTillReward(id);
  }
  // Taken with the receipt's secret before the account was there.
  const taken = await sql<{ id: string }[]>`SELECT id FROM till_pix WHERE claimed_by = ${userId} AND reward_transaction_id IS NULL ORDER BY id LIMIT ${ROWS_MAX}`;
  for (const { id } of taken) await queueTillReward(id);
}
