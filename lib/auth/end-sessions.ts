import "server-only";
import { and, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { sessions } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";

/** Ends sessions whose reason is gone, within a larger change: a shared till's, when its own person leaves the team. */
export async function endSessionsById(tx: Tx, { sessionIds, endedBy }: { sessionIds: readonly string[]; endedBy: string }): Promise<void> {
  if (sessionIds.length === 0) return;
  const ended = await tx
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(inArray(sessions.id, [...sessionIds]), isNull(sessions.revokedAt)))
    .returning({ id: sessions.id, userId: sessions.userId });
  for (const { id, userId } of ended) await recordAudit(tx, { action: "session.ended", userId, resourceType: "session", resourceId: id, metadata: { endedBy } });
}
