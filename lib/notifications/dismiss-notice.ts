import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { notices, sessions } from "@/db/schema";
import { hintPerson } from "@/lib/live/hint-person";

/**
 * Notes that the person has read a notice, for all devices. Neither the session that caused it nor one that is held back can do that: the
 * notice is for the others. Reading it again changes nothing.
 */
export async function dismissNotice({ userId, sessionId }: { userId: string; sessionId: string }, { noticeId }: { noticeId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    const [read] = await tx
      .update(notices)
      .set({ readAt: sql`now()` })
      .where(
        and(
          eq(notices.id, noticeId),
          eq(notices.userId, userId),
          isNull(notices.readAt),
          sql`${notices.sessionId} IS DISTINCT FROM ${sessionId}`,
          sql`NOT EXISTS (SELECT FROM ${sessions} s WHERE s.id = ${sessionId} AND s.limited_until > now())`,
        ),
      )
      .returning({ id: notices.id });
    if (read) await hintPerson(tx, userId);
  });
}
