import "server-only";
import { db, sql } from "@/db/client";
import { enqueue } from "@/lib/jobs/enqueue";
import type { PayoutProviderName } from "./rules";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PAYOUTS_MAX = 50;

type Event = { accountId: string | null; ticketId: string | null; externalId: string | null };

/**
 * Has every payout looked after that a provider's event may be about: the order with our id or theirs, or, for dollars that nobody ordered, whatever of
 * that store waits for them. The event itself is not believed; the provider is asked. Answers whether there was any. Safe to repeat.
 */
export async function heedPayoutEvent(provider: PayoutProviderName, { accountId, ticketId, externalId }: Event): Promise<boolean> {
  const submissionId = externalId && UUID.test(externalId) ? externalId : null;
  const ordered = await sql<{ id: string }[]>`
    SELECT id FROM payouts WHERE provider = ${provider} AND (submission_id = ${submissionId}::uuid OR external_id = ${ticketId}::text) LIMIT ${PAYOUTS_MAX}`;
  const isDeposit = ordered.length === 0 && externalId === null && accountId !== null;
  const waiting = isDeposit
    ? await sql<{ id: string }[]>`
        SELECT payouts.id FROM payouts JOIN payout_accounts USING (store_id, provider)
        WHERE provider = ${provider} AND account_id = ${accountId} AND payouts.state IN ('funding', 'funded') ORDER BY payouts.id LIMIT ${PAYOUTS_MAX}`
    : [];
  for (const { id } of [...ordered, ...waiting]) await db.transaction((tx) => enqueue(tx, "payouts.advance", { payoutId: id }, { key: `payouts.advance:${id}` }));
  return ordered.length + waiting.length > 0;
}
