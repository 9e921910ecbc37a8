import "server-only";
import { desc, inArray } from "drizzle-orm";
import { sql } from "@/db/client";
import { transactions } from "@/db/schema";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { paymentRows, viewsOf, type PaymentView, type Person } from "@/lib/payments/payment-view";
import { NO_FILTER, type ActivityFilter, type ActivityType } from "./rules";

const ACTIVITY_PAGE = 30;
/** Stores to choose from; whoever paid at more finds the rest by code and day. */
const STORES_MAX = 200;
/** Days begin where the list's own days do. */
const HOME_ZONE = "America/Sao_Paulo";

export type ActivityPage = { items: PaymentView[]; next: string | null };

/**
 * Everything that moved the person's money, newest first, a page by key: pass the last id of the page before. Rows that are added meanwhile
 * stand above every key, so no page repeats or skips one. Fails with not_found for a key that is none.
 */
export async function listActivity(person: Person, { before, limit = ACTIVITY_PAGE, filter = NO_FILTER }: { before?: string; limit?: number; filter?: ActivityFilter } = {}): Promise<ActivityPage> {
  if (before !== undefined && !isId(before)) throw new DomainError("not_found");
  // What somebody else tried to send and did not is that person's affair.
  const arrived = sql`AND (t.status <> 'failed' OR t.from_user_id = ${person.userId})`;
  const conditions = sql`${before ? sql`AND t.id < ${before}` : sql``} ${conditionOf(person, filter)}`;
  // Each side reads its own index; the union is cut to a page.
  const rows = await sql<{ id: string }[]>`
    SELECT id FROM (
      (SELECT t.id FROM transactions t WHERE t.from_user_id = ${person.userId} ${conditions} ORDER BY t.id DESC LIMIT ${limit + 1})
      UNION
      (SELECT t.id FROM transactions t WHERE t.to_user_id = ${person.userId} ${arrived} ${conditions} ORDER BY t.id DESC LIMIT ${limit + 1})
    ) AS sides ORDER BY id DESC LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit).map(({ id }) => id);
  if (page.length === 0) return { items: [], next: null };
  const found = await paymentRows().where(inArray(transactions.id, page)).orderBy(desc(transactions.id));
  return { items: await viewsOf(found, person), next: rows.length > limit ? (page.at(-1) ?? null) : null };
}

/** The stores of a person's activity by name, to filter by. */
export async function listActivityStores({ userId }: Person): Promise<{ id: string; name: string }[]> {
  return sql<{ id: string; name: string }[]>`
    SELECT s.id, s.name FROM stores s
    WHERE s.id IN (SELECT t.store_id FROM transactions t WHERE t.from_user_id = ${userId} UNION SELECT t.store_id FROM transactions t WHERE t.to_user_id = ${userId})
    ORDER BY s.name, s.id LIMIT ${STORES_MAX}`;
}

/** A purpose that a row does not name is told by its type and store, as kindOf does. */
const TYPES: Record<ActivityType, (userId: string) => ReturnType<typeof sql>> = {
  payments: () => sql`t.type = 'payment'`,
  people: (userId) => sql`t.type = 'received' AND (t.purpose IN ('send', 'request') OR (t.purpose IS NULL AND t.store_id IS NULL) OR (t.purpose = 'incoming' AND t.to_user_id <> ${userId}))`,
  added: (userId) => sql`t.type = 'received' AND t.purpose IN ('top_up', 'incoming') AND t.to_user_id = ${userId}`,
  bonus: () => sql`t.type = 'bonus_claim'`,
  refunds: () => sql`(t.type = 'received' AND (t.purpose = 'refund' OR (t.purpose IS NULL AND t.store_id IS NOT NULL)))
    OR EXISTS (SELECT 1 FROM outside_payments o WHERE o.transaction_id = t.id AND o.refund_status = 'refunded')`,
  moves: () => sql`t.type = 'consolidation'`,
  payouts: () => sql`t.type = 'payout'`,
};

function conditionOf({ userId }: Person, { type, storeId, from, to, code }: ActivityFilter) {
  return sql`
    ${type ? sql`AND (${TYPES[type](userId)})` : sql``}
    ${storeId ? sql`AND t.store_id = ${storeId}` : sql``}
    ${from ? sql`AND t.created_at >= ${from}::date::timestamp AT TIME ZONE ${HOME_ZONE}` : sql``}
    ${to ? sql`AND t.created_at < (${to}::date + 1)::timestamp AT TIME ZONE ${HOME_ZONE}` : sql``}
    ${/* The code of a payment that is not paid must not be guessed letter by letter. */ code ? sql`AND t.status = 'confirmed' AND t.confirmation_code LIKE ${`${code}%`}` : sql``}`;
}
