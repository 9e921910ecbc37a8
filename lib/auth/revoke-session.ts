import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";

type Ending = { userId: string; sessionId: string; ip: string | null; userAgent: string | null };

/** Ends a session of this person, from now on and on every web process. Ending it again changes nothing. */
export async function revokeSession({ userId, sessionId, ip, userAgent }: Ending) {
  await db.transaction(async (tx) => {
    const ended = await tx
      .update(sessions)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isNull(sessions.revokedAt)))
      .returning({ id: sessions.id });
    if (ended.length === 0) return;
    await recordAudit(tx, { action: "session.ended", userId, resourceType: "session", resourceId: sessionId, ip, userAgent });
    await recordEvent(tx, { name: "signed_out", userId, sessionId, ip, userAgent });
  });
}
