import "server-only";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { usdMicrosFromDecimal } from "@/lib/money";
import { requirePermission } from "@/lib/team/require-permission";
import { chargeOf, chargeRows, type Charge, type ChargeRow } from "./payable-charge";
import { CHARGE_LIFE_SECONDS } from "./rules";

/** More than a counter leaves behind at once. */
const WATCHED_MAX = 5;
/** A till stops listening a moment before it is locked, and a seller's last tap may be told after a payment that nobody saw. */
const UNSEEN_SECONDS = 30;

/** A charge that a locked till still watches. `paid` holds what the payment came to, with its tip; `isUnseen` when it arrived as the till was locked. */
export type WatchedCharge = { charge: Charge; paid: { code: string | null; amountUsdMicros: bigint; amountBrlCentavos: bigint | null; isUnseen: boolean } | null };

type Row = ChargeRow & { code: string | null; paid_usd: string | null; paid_brl: string | null; is_unseen: boolean | null };

/**
 * The charges that were made on this device and that the shared till, though it is locked, must still turn green for: waiting, on their way, or
 * paid since. Newest first. None where the till is unlocked, or the device is no shared till. Fails with: not_found, forbidden.
 */
export async function chargesOfLockedTill(actor: Actor, storeId: string, now = new Date()): Promise<WatchedCharge[]> {
  await requirePermission(db, actor, storeId, "till.use");
  if (actor.sharedStoreId !== storeId) return [];
  const rows = await sql<Row[]>`
    WITH last AS (
      SELECT coalesce(k.ended_at, k.last_used_at + make_interval(mins => d.idle_minutes)) AS locked_at
      FROM till_sittings k JOIN shared_tills d ON d.session_id = k.session_id
      WHERE k.session_id = ${actor.sessionId} AND k.store_id = ${storeId} ORDER BY k.started_at DESC, k.id DESC LIMIT 1
    )
    SELECT c.*, x.confirmation_code AS code, x.amount_usd::text AS paid_usd, x.amount_brl_centavos::text AS paid_brl,
           x.confirmed_at >= last.locked_at - make_interval(secs => ${UNSEEN_SECONDS}) AS is_unseen
    FROM last, (
      ${chargeRows()} JOIN till_sittings k ON k.id = c.sitting_id
      WHERE c.store_id = ${storeId} AND k.session_id = ${actor.sessionId} AND c.created_at > ${new Date(now.getTime() - 2 * CHARGE_LIFE_SECONDS * 1000)} AND c.cancelled_at IS NULL
    ) c LEFT JOIN transactions x ON x.id = c.transaction_id
    WHERE last.locked_at <= ${now} ORDER BY c.id DESC`;
  return rows
    .map(({ code, paid_usd, paid_brl, is_unseen, ...row }) => {
      const charge = chargeOf(row, now);
      return { charge, paid: charge.state === "paid" && paid_usd ? { code, amountUsdMicros: usdMicrosFromDecimal(paid_usd), amountBrlCentavos: paid_brl === null ? null : BigInt(paid_brl), isUnseen: is_unseen ?? false } : null };
    })
    .filter(({ charge }) => charge.state !== "expired" && charge.state !== "cancelled")
    .slice(0, WATCHED_MAX);
}
