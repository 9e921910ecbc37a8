import "server-only";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { notifyLive } from "./notify";

/**
 * Brings what a wallet paid before somebody proved it into that person's activity. Payments that already have a person stay theirs. Safe to
 * repeat; does nothing when the wallet was unlinked meanwhile. Returns how many payments joined.
 */
export async function joinWallet(walletId: string): Promise<number> {
  const joined = await sql.begin(async (tx) => {
    const rows = await tx<{ user_id: string; address: string }[]>`
      UPDATE transactions t SET from_user_id = w.user_id FROM wallets w
      WHERE w.id = ${walletId} AND t.payer_address = w.address AND t.origin IS NOT NULL AND t.from_user_id IS NULL
      RETURNING w.user_id, w.address`;
    const [first] = rows;
    if (first) {
      await tx`
        INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, new_values)
        VALUES (${newId()}, ${first.user_id}, 'guest_payment.joined', 'wallet', ${walletId}, ${JSON.stringify({ payments: rows.length, address: first.address })}::text::jsonb)`;
    }
    return rows;
  });
  await notifyLive({ userIds: new Set(joined.map((row) => row.user_id)), storeIds: new Set() });
  return joined.length;
}
