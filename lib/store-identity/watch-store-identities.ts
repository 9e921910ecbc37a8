import "server-only";
import { sql } from "@/db/client";
import { AveniaError } from "@/lib/avenia/errors";
import { env } from "@/lib/env";
import { startStoreIdentity } from "./start-store-identity";
import { syncStoreIdentity } from "./sync-store-identity";

const ROWS_MAX = 200;
const ASKED_DAYS = 30;

/** Each minute: a lost webhook costs a minute, and so does a link that could not be had. */
export async function watchStoreIdentities(): Promise<void> {
  if (!env().AVENIA_BASE_URL) return;
  const rows = await sql<{ id: string; store_id: string; status: string }[]>`
    SELECT id, store_id, status FROM store_identities
    WHERE provider = ${env().TOPUP_PROVIDER} AND (status IN ('open', 'processing') OR (status = 'requested' AND asked_at < now() - interval '1 minute'))
      AND greatest(updated_at, asked_at) > now() - make_interval(days => ${ASKED_DAYS})
    ORDER BY updated_at LIMIT ${ROWS_MAX}`;
  for (const { id, store_id, status } of rows) {
    await (status === "requested" ? startStoreIdentity(store_id, "pix") : syncStoreIdentity(id)).catch((error: unknown) => {
      if (!(error instanceof AveniaError)) throw error;
    });
  }
}
