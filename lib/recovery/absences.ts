import "server-only";
import { sql } from "drizzle-orm";
import type { db, Tx } from "@/db/client";
import type { WarningDay } from "./rules";

/** An open store whose owners and admins are all away, and whose owner has a backup. */
export type Absence = { ownerId: string; backupId: string; storeId: string; storeName: string; lastActiveAt: Date; claimId: string | null; warned: WarningDay[]; claimedAt: Date | null; claimableAt: Date | null };

type Row = { owner_id: string; backup_id: string; store_id: string; store_name: string; last_active: string; claim_id: string | null; w60: boolean | null; w75: boolean | null; w90: boolean | null; claimed: string | null; claimable: string | null };

/**
 * Absences that began at `since` or before: nobody who owns or administers the store was there after it. A person who never came back
 * counts from the first day.
 */
export async function absencesSince(runner: Tx | typeof db, since: Date, ownerId?: string): Promise<Absence[]> {
  const rows = await runner.execute<Row>(sql`
    SELECT r.user_id AS owner_id, r.accepted_by AS backup_id, s.id AS store_id, s.name AS store_name, there.last_active::text,
           c.id AS claim_id, c.warned_60_at IS NOT NULL AS w60, c.warned_75_at IS NOT NULL AS w75, c.warned_90_at IS NOT NULL AS w90,
           c.claimed_at::text AS claimed, c.claimable_at::text AS claimable
    FROM backup_requests r
    JOIN store_members o ON o.user_id = r.user_id AND o.role = 'owner' AND o.accepted_at IS NOT NULL
    JOIN stores s ON s.id = o.store_id AND s.closed_at IS NULL
    CROSS JOIN LATERAL (
      SELECT max(coalesce(u.last_active_at, u.created_at)) AS last_active
      FROM store_members m JOIN users u ON u.id = m.user_id
      WHERE m.store_id = s.id AND m.role IN ('owner', 'admin') AND m.accepted_at IS NOT NULL
    ) there
    LEFT JOIN recovery_claims c ON c.user_id = r.user_id AND c.store_id = s.id AND c.completed_at IS NULL AND c.cancelled_at IS NULL
    WHERE r.status = 'accepted' AND r.accepted_by IS NOT NULL AND there.last_active <= ${since.toISOString()}::timestamptz
      ${ownerId ? sql`AND r.user_id = ${ownerId}` : sql``}
    ORDER BY r.user_id, s.name, s.id`);
  return [...rows].map((row) => ({
    ownerId: row.owner_id,
    backupId: row.backup_id,
    storeId: row.store_id,
    storeName: row.store_name,
    lastActiveAt: new Date(row.last_active),
    claimId: row.claim_id,
    warned: [...(row.w60 ? [60 as const] : []), ...(row.w75 ? [75 as const] : []), ...(row.w90 ? [90 as const] : [])],
    claimedAt: row.claimed ? new Date(row.claimed) : null,
    claimableAt: row.claimable ? new Date(row.claimable) : null,
  }));
}
