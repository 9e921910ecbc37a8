import "server-only";
import { sql } from "@/db/client";
import type { Hex } from "@/lib/chain/addresses";
import { isChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import { receiptOf } from "@/lib/chain/operator";
import { LANDING_GRACE_SECONDS } from "./rules";

/** Pages looked after in one run; the rest wait a minute. */
const PAGES_MAX = 200;
/** A reported transaction that nobody knows is given up this long after the price ended. Should it land after all, it is "late" and refundable. */
const UNKNOWN_HOURS = 1;
const KEPT_DAYS = 7;

/**
 * Looks after pages that wait: a reported transaction that reverted lets the page ask again; one that never came, and a price that
 * nobody used, end. Hints only: what was paid, the follower says.
 */
export async function watchGuestPayments(): Promise<void> {
  await sql`
    UPDATE guest_payments SET status = 'expired'
    WHERE status = 'open' AND expires_at < now() - make_interval(secs => ${LANDING_GRACE_SECONDS})`;
  const pages = await sql<{ id: string; chain_id: string | null; reported_tx_hash: Hex | null; is_over: boolean; is_given_up: boolean }[]>`
    SELECT id, chain_id, reported_tx_hash, expires_at < now() AS is_over, expires_at < now() - make_interval(hours => ${UNKNOWN_HOURS}) AS is_given_up
    FROM guest_payments WHERE status = 'checking' ORDER BY expires_at LIMIT ${PAGES_MAX}`;
  for (const page of pages) {
    try {
      const receipt = page.reported_tx_hash && page.chain_id && isChainId(page.chain_id) ? await receiptOf(page.chain_id, page.reported_tx_hash) : null;
      if (receipt && !receipt.isSuccess) {
        await sql`UPDATE guest_payments SET status = ${page.is_over ? "expired" : "open"}, failure = 'reverted', reported_tx_hash = NULL WHERE id = ${page.id} AND status = 'checking' AND reported_tx_hash = ${page.reported_tx_hash}`;
      } else if (page.is_given_up) {
        // A reorg took this page's payment back: its transaction is still known, and comes back or is judged by a person.
        await sql`UPDATE guest_payments SET status = 'expired' WHERE id = ${page.id} AND status = 'checking' AND NOT EXISTS (SELECT 1 FROM outside_payments o WHERE o.guest_payment_id = guest_payments.id)`;
      }
    } catch (error) {
      if (!isChainUnreachable(error)) throw error;
    }
  }
}

/** Deletes prices that nobody paid. */
export async function removeOldGuestPayments(): Promise<void> {
  await sql`
    DELETE FROM guest_payments g
    WHERE g.expires_at < now() - make_interval(days => ${KEPT_DAYS}) AND NOT EXISTS (SELECT 1 FROM outside_payments o WHERE o.guest_payment_id = g.id)`;
}
