import "server-only";
import { sql } from "@/db/client";
import type { Actor } from "./actor";
import { networkOf } from "./client-address";
import { shownDevice, type DeviceInfo } from "./describe-device";
import { shownPhone } from "./phone";
import type { AuthMethod } from "./rules";

/** More sessions than a person looks through; "end all others" reaches the rest. */
const DEVICES_SHOWN = 50;

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

/** A signed-in device of a person, as the person may recognise it. */
export type Device = {
  sessionId: string;
  isThis: boolean;
  platform: DeviceInfo["platform"];
  /** "Chrome · Android"; empty when the browser said nothing. */
  name: string;
  /** "189.4.x.x"; null when unknown. */
  network: string | null;
  method: AuthMethod;
  firstSeenAt: Date;
  lastSeenAt: Date;
  /** While it is held back. */
  heldUntil: Date | null;
};

/** Every session that lives, the present one first, then by last use. */
export async function listDevices({ userId, sessionId }: Pick<Actor, "userId" | "sessionId">): Promise<Device[]> {
  type Row = Omit<Device, "platform" | "name" | "network"> & { info: Partial<DeviceInfo> | null; ip: string | null };
  const rows = await sql<Row[]>`
    SELECT s.id AS "sessionId", s.id = ${sessionId} AS "isThis", s.device_info AS info, host(s.ip_address) AS ip, s.auth_method AS method, s.created_at AS "firstSeenAt",
      coalesce(s.last_seen_at, s.created_at) AS "lastSeenAt", CASE WHEN s.limited_until > now() THEN s.limited_until END AS "heldUntil"
    FROM sessions s WHERE s.user_id = ${userId} AND s.revoked_at IS NULL AND s.expires_at > now()
    ORDER BY s.id = ${sessionId} DESC, coalesce(s.last_seen_at, s.created_at) DESC LIMIT ${DEVICES_SHOWN}`;
  return rows.map(({ info, ip, ...row }) => ({
    ...row,
    platform: info?.platform ?? "unknown",
    name: shownDevice({ platform: info?.platform ?? "unknown", os: info?.os ?? "unknown", browser: info?.browser ?? "unknown" }),
    network: ip ? networkOf(ip) : null,
  }));
}
