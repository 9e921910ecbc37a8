import "server-only";
import { sql } from "@/db/client";
import { textPersonIn } from "./tell";

/** Sends ended in one run; more wait for the next. */
const BATCH = 500;

/** Ends the sends that nobody took in their time, and tells their senders. Safe to repeat, also at once. Answers how many it ended. */
export async function returnSends(): Promise<number> {
  const due = await sql<{ id: string; sender_id: string }[]>`
    SELECT s.id, s.sender_id FROM phone_sends s JOIN user_operations o ON o.id = s.id
    WHERE s.status IN ('waiting', 'claimed') AND s.expires_at <= now() AND o.status = 'held' AND o.error_code IS NULL ORDER BY s.expires_at LIMIT ${BATCH}`;
  let ended = 0;
  for (const { id, sender_id } of due) {
    const isEnded = await sql.begin(async (tx) => {
      const [answer] = await tx<{ result: string }[]>`SELECT end_phone_send(NULL, ${id}, NULL, NULL) AS result`;
      if (answer?.result !== "ended") return false;
      await textPersonIn(tx, sender_id, (words) => words.returned);
      return true;
    });
    if (isEnded) ended += 1;
  }
  return ended;
}
