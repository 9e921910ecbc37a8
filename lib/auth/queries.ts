import "server-only";
import { sql } from "@/db/client";
import type { Actor } from "./actor";
import { shownPhone } from "./phone";

export type SecurityOverview = {
  custody: "managed" | "self_custody" | "preparing";
  passkeys: number;
  wallets: number;
  /** Signed-in devices, this one too. */
  devices: number;
  /** As its owner reads it, masked. */
  phone: string;
  hasBackupPhone: boolean;
  frozenAt: Date | null;
};

/** What each room of Security says about itself on the way in. */
export async function securityOverview({ userId }: Pick<Actor, "userId">): Promise<SecurityOverview> {
  type Row = Omit<SecurityOverview, "custody" | "phone"> & { phone: string; managed: number; own: number };
  const [row] = await sql<Row[]>`
    SELECT u.phone, u.backup_owner_phone IS NOT NULL AS "hasBackupPhone", u.frozen_at AS "frozenAt",
      (SELECT count(*)::int FROM passkeys p WHERE p.user_id = u.id) AS passkeys,
      (SELECT count(*)::int FROM wallets w WHERE w.user_id = u.id) AS wallets,
      (SELECT count(*)::int FROM sessions s WHERE s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > now()) AS devices,
      (SELECT count(*)::int FROM smart_accounts a WHERE a.user_id = u.id AND a.custody_status = 'managed') AS managed,
      (SELECT count(*)::int FROM smart_accounts a WHERE a.user_id = u.id AND a.custody_status = 'self_custody') AS own
    FROM users u WHERE u.id = ${userId}`;
  const { managed, own, phone, ...rest } = row!;
  return { ...rest, phone: shownPhone(phone), custody: managed > 0 ? "managed" : own > 0 ? "self_custody" : "preparing" };
}
