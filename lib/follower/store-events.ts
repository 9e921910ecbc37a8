import "server-only";
import type { SqlTx } from "@/lib/worker/lease";

/**
 * The till's log reads on by id, so ids have to become visible in their order: every writer waits for the one before it to
 * commit, over all chains. Take it last in a transaction; nobody waits for anything else behind it.
 */
const lockStoreEvents = (tx: SqlTx) => tx`SELECT pg_advisory_xact_lock(hashtextextended('store_events', 0))`;

export type StoreEventInput = { storeId: string; transactionId: string; block: bigint };
export type PaidEvent = StoreEventInput & { kind: "paid" | "outside" };

/** Tells the tills that payments are there: `paid`, or `confirmed_again` (no sound) for one that they had heard of before a reorg. */
export async function recordPaid(tx: SqlTx, payments: readonly PaidEvent[]) {
  if (payments.length === 0) return;
  await lockStoreEvents(tx);
  await tx`
    INSERT INTO store_events (store_id, transaction_id, kind, block_number)
    SELECT paid.store_id, paid.transaction_id,
           CASE WHEN EXISTS (SELECT 1 FROM store_events e WHERE e.transaction_id = paid.transaction_id AND e.kind IN ('paid', paid.kind)) THEN 'confirmed_again' ELSE paid.kind END,
           paid.block
    FROM unnest(
      ${payments.map((paid) => paid.storeId)}::uuid[], ${payments.map((paid) => paid.transactionId)}::uuid[], ${payments.map((paid) => paid.kind)}::text[], ${payments.map((paid) => paid.block.toString())}::bigint[]
    ) WITH ORDINALITY AS paid (store_id, transaction_id, kind, block, position)
    ORDER BY paid.position`;
}

/** Tells the tills that a reorg took payments back for now. */
export async function recordCheckingAgain(tx: SqlTx, payments: readonly StoreEventInput[]) {
  if (payments.length === 0) return;
  await lockStoreEvents(tx);
  await tx`
    INSERT INTO store_events (store_id, transaction_id, kind, block_number)
    SELECT store_id, transaction_id, 'checking_again', block
    FROM unnest(${payments.map((paid) => paid.storeId)}::uuid[], ${payments.map((paid) => paid.transactionId)}::uuid[], ${payments.map((paid) => paid.block.toString())}::bigint[])
      AS paid (store_id, transaction_id, block)`;
}
