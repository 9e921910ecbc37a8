import "server-only";
import { sql } from "@/db/client";
import { isLocale, type Locale } from "@/lib/i18n/locale";
import { hashToken, readToken } from "./session-token";

/** A session that lives, with the person it belongs to. */
export type LiveSession = {
  sessionId: string;
  userId: string;
  name: string | null;
  phone: string;
  /** The language of the person's row; null for one we no longer speak. */
  locale: Locale | null;
  /** When the day's visit is not noted yet. */
  isVisitDue: boolean;
};

type Row = { id: string; user_id: string; name: string | null; phone: string; locale: string | null; is_visit_due: boolean };

/**
 * The session of a cookie's value: a token that we made, whose row is neither revoked nor expired; else null. One indexed query,
 * asked on every request, so that an ended session is refused at the next one on every web process.
 */
export async function findSession(token: string): Promise<LiveSession | null> {
  const claims = await readToken(token);
  if (!claims) return null;
  const [row] = await sql<Row[]>`
    SELECT s.id, s.user_id, u.name, u.phone, u.locale, u.last_active_at IS NULL OR u.last_active_at < now() - interval '1 day' AS is_visit_due
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = ${hashToken(token)} AND s.revoked_at IS NULL AND s.expires_at > now()`;
  if (!row || row.id !== claims.sessionId || row.user_id !== claims.userId) return null;
  return {
    sessionId: row.id,
    userId: row.user_id,
    name: row.name,
    phone: row.phone,
    locale: isLocale(row.locale) ? row.locale : null,
    isVisitDue: row.is_visit_due,
  };
}

/** Notes that the person was here, at most once a day: a write for every page would cost more than the page. */
export async function recordVisit(userId: string) {
  await sql`UPDATE users SET last_active_at = now() WHERE id = ${userId} AND (last_active_at IS NULL OR last_active_at < now() - interval '1 day')`;
}
