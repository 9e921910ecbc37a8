import "server-only";
import { eq } from "drizzle-orm";
import { db, sql, type Tx } from "@/db/client";
import { tillPixAccounts } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { AveniaError } from "@/lib/avenia/errors";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { readIdentityAttempt } from "@/lib/avenia/identity";
import { env } from "@/lib/env";
import { mayIdentityBecome, type IdentityStatus } from "@/lib/identity/rules";
import type { StoreAccountRow } from "./offered";

const STATUS_OF = { pending: "open", processing: "processing", expired: "expired", approved: "approved", rejected: "rejected" } as const satisfies Record<string, IdentityStatus>;

export async function lockStoreAccount(tx: Tx, accountId: string): Promise<StoreAccountRow | null> {
  const [row] = await tx.select().from(tillPixAccounts).where(eq(tillPixAccounts.id, accountId)).for("no key update");
  return row ?? null;
}

type Change = Partial<Omit<typeof tillPixAccounts.$inferInsert, "id" | "storeId" | "status">>;

/** Moves a locked check to a status that may follow, with its audit line. An older word never undoes a newer one. */
export async function changeStoreIdentity(tx: Tx, row: StoreAccountRow, status: IdentityStatus, change: Change = {}): Promise<void> {
  if (!mayIdentityBecome(row.status, status)) return;
  const isNews = status !== row.status;
  await tx.update(tillPixAccounts).set({ ...change, status, updatedAt: new Date(), ...(isNews && status === "approved" ? { settledAt: new Date() } : {}) }).where(eq(tillPixAccounts.id, row.id));
  if (isNews && (status === "approved" || status === "rejected")) {
    await recordAudit(tx, { action: "till_pix.identity_settled", userId: row.askedBy, resourceType: "store", resourceId: row.storeId, oldValues: { status: row.status }, newValues: { status } });
  }
}

/** Asks the provider what became of the store's last attempt and writes it down. Worker only, safe to repeat. */
export async function syncStoreIdentity(accountId: string): Promise<void> {
  const known = await db.transaction((tx) => lockStoreAccount(tx, accountId));
  if (!known?.subAccountId || !known.attemptId) return;
  const attempt = await readIdentityAttempt(aveniaAccess(), { subAccountId: known.subAccountId, attemptId: known.attemptId });
  await db.transaction(async (tx) => {
    const row = await lockStoreAccount(tx, accountId);
    if (row?.attemptId === known.attemptId) await changeStoreIdentity(tx, row, STATUS_OF[attempt.state], row.isRetryable === attempt.isRetryable ? {} : { isRetryable: attempt.isRetryable });
  });
}

const ROWS_MAX = 200;
const ASKED_DAYS = 30;

/** Each minute: a lost webhook costs a minute. */
export async function watchStoreIdentities(): Promise<void> {
  if (!env().AVENIA_BASE_URL) return;
  const rows = await sql<{ id: string }[]>`
    SELECT id FROM till_pix_accounts WHERE provider = ${env().TOPUP_PROVIDER} AND status IN ('open', 'processing') AND updated_at > now() - make_interval(days => ${ASKED_DAYS}) ORDER BY updated_at LIMIT ${ROWS_MAX}`;
  for (const { id } of rows) {
    await syncStoreIdentity(id).catch((error: unknown) => {
      if (!(error instanceof AveniaError)) throw error;
    });
  }
}
