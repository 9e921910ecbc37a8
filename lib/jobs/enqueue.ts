import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";

/** Every job and what it carries. Ids only: the worker reads the present state itself. */
export type JobPayloads = {
  "accounts.provision": { userId: string };
  "accounts.discard_key": { userId: string };
  "accounts.apply_owner_change": { changeId: string };
  "accounts.settle_owner_change": { userId: string };
  "accounts.destroy_key": { userId: string };
  "accounts.export_key": { exportId: string };
  "stores.deploy": { storeId: string };
  "messages.send": { messageId: string };
  "auth.complete_phone_change": { changeId: string };
  "recovery.complete": { requestId: string };
  "guests.refund": { outsidePaymentId: string };
  "guests.join_wallet": { walletId: string };
  "identity.start": { checkId: string };
  "topups.quote": { topUpId: string };
  "topups.open": { topUpId: string };
  "topups.link": { topUpId: string };
  "topups.read_webhook": { inboxId: string };
  // Running a store: refunds.
  "refunds.tell": { refundId: string };

  // Payouts.
  "payouts.advance": { payoutId: string };
  "payouts.price": { priceId: string };
  "payouts.look_up": { destinationId: string };

  // Pix at the till.
  "store_identity.start": { storeId: string; returnTo: "pix" | "payouts" };
  "tillpix.open": { pixId: string };
  "tillpix.link": { pixId: string };
  "tillpix.settle": { transactionId: string };
  "tillpix.reward": { pixId: string };
  "tillpix.claim": { userId: string };

  // Figures.
};

type Options = {
  /** A waiting job with the same key is replaced instead of doubled. */
  key?: string;
  runAt?: Date;
};

/** Queues a job in the caller's transaction: it exists exactly when the change does. Not for the pay path, whose outbox is user_operations. */
export async function enqueue<N extends keyof JobPayloads>(tx: Tx, name: N, payload: JobPayloads[N], { key, runAt }: Options = {}) {
  await tx.execute(sql`SELECT public.enqueue_job(${name}, ${JSON.stringify(payload)}::json, ${key ?? null}, ${(runAt ?? new Date()).toISOString()}::timestamptz)`);
}
