import "server-only";
import { db, sql } from "@/db/client";
import { AveniaError } from "@/lib/avenia/errors";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { readIdentityAttempt } from "@/lib/avenia/identity";
import { env } from "@/lib/env";
import { changeIdentity, lockCheck } from "./change-status";
import type { IdentityStatus } from "./rules";

const STATUS_OF = { pending: "open", processing: "processing", expired: "expired", approved: "approved", rejected: "rejected" } as const satisfies Record<string, IdentityStatus>;

/** Asks the provider what became of the person's last attempt and writes it down. Worker only, safe to repeat. */
export async function syncIdentity(checkId: string): Promise<void> {
  const known = await db.transaction((tx) => lockCheck(tx, checkId));
  if (!known?.subAccountId || !known.attemptId) return;
  const attempt = await readIdentityAttempt(aveniaAccess(), { subAccountId: known.subAccountId, attemptId: known.attemptId });
  await db.transaction(async (tx) => {
    const row = await lockCheck(tx, checkId);
    if (row?.attemptId === known.attemptId) await changeIdentity(tx, row, STATUS_OF[attempt.state], row.isRetryable === attempt.isRetryable ? {} : { isRetryable: attempt.isRetryable });
  });
}

const ROWS_MAX = 200;
const ASKED_DAYS = 30;

/** Each minute: a lost webhook costs a minute. */
export async function watchIdentity(): Promise<void> {
  if (!env().AVENIA_BASE_URL) return;
  const rows = await sql<{ id: string }[]>`
    SELECT id FROM identity_checks WHERE provider = ${env().TOPUP_PROVIDER} AND status IN ('open', 'processing') AND updated_at > now() - make_interval(days => ${ASKED_DAYS}) ORDER BY updated_at LIMIT ${ROWS_MAX}`;
  for (const { id } of rows) {
    await syncIdentity(id).catch((error: unknown) => {
      if (!(error instanceof AveniaError)) throw error;
    });
  }
}
