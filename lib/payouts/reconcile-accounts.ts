import "server-only";
import { sql } from "@/db/client";
import { log } from "@/lib/log";
import { decimalFromUsdMicros, usdMicrosFromDecimal } from "@/lib/money";
import { ProviderError } from "./provider";
import { payoutProvider } from "./providers";
import type { PayoutProviderName } from "./rules";

/** Accounts of one run, the longest unlooked at first; each at most this often. */
const ACCOUNTS_MAX = 100;
const EVERY_MINUTES = 10;
/** Less than a cent is rounding. */
const CRUMB_USD_MICROS = 10_000n;

type Row = { store_id: string; provider: PayoutProviderName; account_id: string; expected: string; unmatched: string };

/**
 * Holds what a partner has of each store against our rows: dollars of payouts that are credited and not paid out. What is more is a deposit that no payout
 * explains; it is named on the store's page and to us. Accounts with money on its way are looked at when it has arrived: a payout's, or a till's Pix that the
 * partner is turning into dollars, which pass through the same account on their way to the store's own. Worker only, safe to repeat.
 */
export async function reconcileAccounts(): Promise<void> {
  const rows = await sql<Row[]>`
    SELECT a.store_id, a.provider, a.account_id, a.unmatched_usd::text AS unmatched,
           COALESCE((SELECT sum(p.funded_usd) FROM payouts p WHERE p.store_id = a.store_id AND p.provider = a.provider AND p.credited_at IS NOT NULL AND p.state IN ('funded', 'needs_confirmation', 'failed', 'returned')), 0)::text AS expected
    FROM payout_accounts a
    WHERE (a.checked_at IS NULL OR a.checked_at < now() - make_interval(mins => ${EVERY_MINUTES}))
      AND NOT EXISTS (SELECT FROM payouts p WHERE p.store_id = a.store_id AND p.provider = a.provider
        AND (p.state IN ('requested', 'funding', 'submitted', 'processing', 'on_hold') OR (p.state = 'funded' AND p.credited_at IS NULL)))
      AND NOT EXISTS (SELECT FROM till_pix x WHERE x.store_id = a.store_id AND x.sub_account_id = a.account_id AND x.status IN ('held', 'paid') AND x.tx_hash IS NULL)
    ORDER BY a.checked_at NULLS FIRST LIMIT ${ACCOUNTS_MAX}`;
  for (const row of rows) {
    try {
      const balance = await payoutProvider(row.provider).balanceUsdMicros(row.account_id);
      await note(row, balance - usdMicrosFromDecimal(row.expected));
    } catch (error) {
      // A partner that is away is asked again in a while, beginning with the others.
      if (!(error instanceof ProviderError)) throw error;
    }
  }
}

async function note(row: Row, difference: bigint): Promise<void> {
  const unmatched = difference >= CRUMB_USD_MICROS ? difference : 0n;
  if (unmatched > 0n && unmatched !== usdMicrosFromDecimal(row.unmatched)) log().error({ storeId: row.store_id, provider: row.provider, unmatchedUsdMicros: unmatched.toString() }, "a partner holds dollars of a store that no payout explains");
  if (difference <= -CRUMB_USD_MICROS) log().error({ storeId: row.store_id, provider: row.provider, missingUsdMicros: (-difference).toString() }, "a partner holds fewer dollars of a store than its payouts say");
  await sql`
    UPDATE payout_accounts SET unmatched_usd = ${decimalFromUsdMicros(unmatched)}::numeric, checked_at = now(), unmatched_since = CASE WHEN ${unmatched > 0n} THEN COALESCE(unmatched_since, now()) END
    WHERE store_id = ${row.store_id} AND provider = ${row.provider}`;
}
