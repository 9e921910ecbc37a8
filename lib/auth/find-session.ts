import "server-only";
import { db, sql } from "@/db/client";
import { isLocale, type Locale } from "@/lib/i18n/locale";
import { cancelClaimsOf } from "@/lib/recovery/cancel-claims";
import { SEEN_SECONDS, SESSION_LIFETIME_SECONDS, SESSION_PROOF_SECONDS } from "./rules";
import { hashToken, readToken } from "./session-token";

/** A session that lives, with the person it belongs to. */
export type LiveSession = {
  sessionId: string;
  userId: string;
  name: string | null;
  phone: string;
  /** The language of the person's row; null for one we no longer speak. */
  locale: Locale | null;
  /** When the last note of a visit is some minutes old. */
  isVisitDue: boolean;
  /** The store whose shared till this is; null for a device of one person. */
  sharedStoreId: string | null;
};

type Row = { id: string; user_id: string; name: string | null; phone: string; locale: string | null; is_visit_due: boolean; shared_store_id: string | null };

/**
 * The session of a cookie's value: a token that we made, whose row is neither revoked nor expired; else null. One indexed query,
 * asked on every request, so that an ended session is refused at the next one on every web process.
 */
export async function findSession(token: string): Promise<LiveSession | null> {
  const claims = await readToken(token);
  if (!claims) return null;
  const [row] = await sql<Row[]>`
    SELECT s.id, s.user_id, u.name, u.phone, u.locale, s.last_seen_at IS NULL OR s.last_seen_at < now() - make_interval(secs => ${SEEN_SECONDS}) AS is_visit_due, d.store_id AS shared_store_id
    FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN shared_tills d ON d.session_id = s.id
    WHERE s.token_hash = ${hashToken(token)} AND s.revoked_at IS NULL AND s.expires_at > now()`;
  if (!row || row.id !== claims.sessionId || row.user_id !== claims.userId) return null;
  return {
    sessionId: row.id,
    userId: row.user_id,
    name: row.name,
    phone: row.phone,
    locale: isLocale(row.locale) ? row.locale : null,
    isVisitDue: row.is_visit_due,
    sharedStoreId: row.shared_store_id,
  };
}

/**
 * Notes that this device was here and where, every few minutes at most, and renews the session: 30 days from now, at most 90 from the last
 * code, passkey or wallet signature. The person's day is noted once a day.
 */
export async function recordVisit({ userId, sessionId }: { userId: string; sessionId: string }, ip: string | null) {
  const noted = await sql`
    WITH seen AS (
      UPDATE sessions SET last_seen_at = now(), ip_address = coalesce(${ip}::inet, ip_address),
        -- Moved once a day only: an indexed column makes each change dearer.
        expires_at = CASE WHEN expires_at < now() + make_interval(secs => ${SESSION_LIFETIME_SECONDS}) - interval '1 day'
          THEN greatest(expires_at, least(now() + make_interval(secs => ${SESSION_LIFETIME_SECONDS}), greatest(created_at, stepped_up_at) + make_interval(secs => ${SESSION_PROOF_SECONDS})))
          ELSE expires_at END
      WHERE id = ${sessionId} AND revoked_at IS NULL AND expires_at > now() AND (last_seen_at IS NULL OR last_seen_at < now() - make_interval(secs => ${SEEN_SECONDS}))
    )
    UPDATE users SET last_active_at = now() WHERE id = ${userId} AND (last_active_at IS NULL OR last_active_at < now() - interval '1 day') RETURNING id`;
  // Whoever was away is back.
  if (noted.length > 0) await db.transaction((tx) => cancelClaimsOf(tx, userId));
}
