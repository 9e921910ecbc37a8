import "server-only";
import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeIdentities } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { readIdentityAttempt } from "@/lib/avenia/identity";
import { mayIdentityBecome, type IdentityStatus } from "@/lib/identity/rules";
import type { TopUpProvider } from "@/lib/topups/rules";
import type { StoreIdentityRow } from "./queries";

const STATUS_OF = { pending: "open", processing: "processing", expired: "expired", approved: "approved", rejected: "rejected" } as const satisfies Record<string, IdentityStatus>;

export async function lockStoreIdentity(tx: Tx, id: string): Promise<StoreIdentityRow | null> {
  const [row] = await tx.select().from(storeIdentities).where(eq(storeIdentities.id, id)).for("no key update");
  return row ?? null;
}

type Change = Partial<Omit<typeof storeIdentities.$inferInsert, "id" | "storeId" | "status">>;

/** Moves a locked check to a status that may follow, with its audit line. An older word never undoes a newer one. */
export async function changeStoreIdentity(tx: Tx, row: StoreIdentityRow, status: IdentityStatus, change: Change = {}): Promise<void> {
  if (!mayIdentityBecome(row.status, status)) return;
  const isNews = status !== row.status;
  await tx.update(storeIdentities).set({ ...change, status, updatedAt: new Date(), ...(isNews && status === "approved" ? { settledAt: new Date() } : {}) }).where(eq(storeIdentities.id, row.id));
  if (isNews && (status === "approved" || status === "rejected")) {
    await recordAudit(tx, { action: "till_pix.identity_settled", userId: row.askedBy, resourceType: "store", resourceId: row.storeId, oldValues: { status: row.status }, newValues: { status } });
  }
}

/** Asks the partner what became of the store's last attempt and writes it down. Worker only, safe to repeat. */
export async function syncStoreIdentity(id: string): Promise<void> {
  const known = await db.transaction((tx) => lockStoreIdentity(tx, id));
  if (!known?.subAccountId || !known.attemptId) return;
  const attempt = await readIdentityAttempt(aveniaAccess(), { subAccountId: known.subAccountId, attemptId: known.attemptId });
  await db.transaction(async (tx) => {
    const row = await lockStoreIdentity(tx, id);
    if (row?.attemptId === known.attemptId) await changeStoreIdentity(tx, row, STATUS_OF[attempt.state], row.isRetryable === attempt.isRetryable ? {} : { isRetryable: attempt.isRetryable });
  });
}

/** Asks the partner about the store's check behind an attempt. False when it is none of ours. */
export async function readStoreWebhook(provider: TopUpProvider, attemptId: string): Promise<boolean> {
  const [row] = await db.select({ id: storeIdentities.id }).from(storeIdentities).where(and(eq(storeIdentities.provider, provider), eq(storeIdentities.attemptId, attemptId)));
  if (row) await syncStoreIdentity(row.id);
  return row !== undefined;
}
