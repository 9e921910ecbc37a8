import "server-only";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { idAt } from "@/lib/ids";
import { getTill, type TillSnapshot } from "@/lib/stores/queries";
import { requirePermission } from "./require-permission";
import { getSharedTill } from "./till-queries";

/** Today as whoever sells may see it: the store's list and total, and what the own charges brought. No other day, no balance. */
export type StaffToday = Pick<TillSnapshot, "store" | "role" | "today" | "payments"> & { own: { count: number; sumBrlCentavos: bigint }; sellerName: string | null };

/** A payment's charge was made shortly before it: charges live for minutes. */
const CHARGES_SINCE_MS = 25 * 3_600_000;

/**
 * Today for the person who sells on this device; null at a shared till that is locked.
 * Fails with: not_found, forbidden.
 */
export async function getStaffToday(actor: Actor, storeId: string, now = new Date()): Promise<StaffToday | null> {
  await requirePermission(db, actor, storeId, "payments.view_today");
  const shared = await getSharedTill(actor, storeId);
  if (shared && !shared.sitting) return null;
  const sellerId = shared?.sitting?.sellerId ?? actor.userId;
  const { store, role, today, payments } = await getTill(actor, storeId);
  const [own] = await sql<{ count: number; sumBrlCentavos: string }[]>`
    SELECT count(*)::int AS count, coalesce(sum(coalesce(t.amount_brl_centavos, c.amount_brl_centavos)), 0)::text AS "sumBrlCentavos"
    FROM charges c JOIN transactions t ON t.id = c.transaction_id
    WHERE c.store_id = ${storeId} AND c.id >= ${idAt(now.getTime() - CHARGES_SINCE_MS)} AND c.created_by = ${sellerId}
      AND t.status = 'confirmed' AND t.confirmed_at >= date_trunc('day', now(), ${store.timeZone})`;
  return { store, role, today, payments, own: { count: own?.count ?? 0, sumBrlCentavos: BigInt(own?.sumBrlCentavos ?? 0) }, sellerName: shared ? (shared.sitting?.sellerName ?? null) : actor.name };
}
