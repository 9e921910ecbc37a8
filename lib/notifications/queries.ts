import "server-only";
import { sql } from "@/db/client";
import type { NoticeKind } from "./rules";

/** A notice that the person has not read. `data` holds the values of its sentence and what its action needs. */
export type UnreadNotice = { id: string; kind: NoticeKind; data: Record<string, string | number>; createdAt: Date };

export type AccountNews = { frozenAt: Date | null; notices: UnreadNotice[] };

const SHOWN_MAX = 20;

/**
 * What this session's screen has to say about the account: whether it is frozen, and what happened on other devices, the newest first. A
 * session that is held back is told nothing, because a thief of the number could make it disappear.
 */
export async function accountNews({ userId, sessionId }: { userId: string; sessionId: string }): Promise<AccountNews> {
  const [row] = await sql<{ frozenAt: Date | null; notices: (Omit<UnreadNotice, "createdAt"> & { createdAt: string })[] }[]>`
    SELECT u.frozen_at AS "frozenAt", coalesce((
      SELECT json_agg(line ORDER BY line.id DESC) FROM (
        SELECT n.id, n.kind, n.data, n.created_at AS "createdAt" FROM notices n
        WHERE n.user_id = u.id AND n.read_at IS NULL AND n.session_id IS DISTINCT FROM ${sessionId}
          AND NOT EXISTS (SELECT FROM sessions s WHERE s.id = ${sessionId} AND s.limited_until > now())
        ORDER BY n.id DESC LIMIT ${SHOWN_MAX}
      ) line
    ), '[]'::json) AS notices
    FROM users u WHERE u.id = ${userId}`;
  return { frozenAt: row?.frozenAt ?? null, notices: (row?.notices ?? []).map((notice) => ({ ...notice, createdAt: new Date(notice.createdAt) })) };
}
