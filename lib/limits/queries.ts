import "server-only";
import { sql } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { usdMicrosFromDecimal } from "@/lib/money";
import { dayRulesOf, LIMITS, type DayLeft, type Standing } from "./rules";

export type PersonLimits = {
  isFrozen: boolean;
  /** The rules of the day that hold now, the one that leaves least first. */
  day: DayLeft[];
  leftUsdMicros: bigint;
  newAccountUntil: Date | null;
  newDeviceUntil: Date | null;
  /** A passkey or wallet: what a large payment asks for, and what lifts a new device's limit. */
  hasSecondFactor: boolean;
};

/** What a person may spend now from this session, and why. */
export async function limitsOf({ userId, sessionId }: { userId: string; sessionId: string }): Promise<PersonLimits> {
  const [row] = await sql<
    { frozen_at: Date | null; new_account_until: Date | null; new_device_until: Date | null; has_second_factor: boolean; spent: string; spent_on_new_devices: string }[]
  >`
    SELECT u.frozen_at, until.new_account AS new_account_until, until.new_device AS new_device_until, day.spent::text, day.spent_on_new_devices::text,
           EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id) OR EXISTS (SELECT 1 FROM wallets w WHERE w.user_id = u.id) AS has_second_factor
    FROM users u
    CROSS JOIN LATERAL (
      SELECT NULLIF(GREATEST(u.created_at + make_interval(days => ${LIMITS.newAccountDays}), now()), now()) AS new_account,
             (SELECT s.limited_until FROM sessions s WHERE s.id = ${sessionId} AND s.user_id = u.id AND s.limited_until > now()) AS new_device) AS until
    CROSS JOIN LATERAL (
      SELECT COALESCE(sum(t.amount_usd), 0) AS spent, COALESCE(sum(t.amount_usd) FILTER (WHERE s.limited_until > t.created_at), 0) AS spent_on_new_devices
      FROM transactions t LEFT JOIN sessions s ON s.id = t.session_id
      WHERE t.from_user_id = u.id AND t.type IN ('payment', 'received') AND t.status <> 'failed' AND t.origin IS NULL AND t.created_at > now() - INTERVAL '24 hours') AS day
    WHERE u.id = ${userId}`;
  if (!row) throw new DomainError("not_found");
  const standing: Standing = {
    isNewAccount: row.new_account_until !== null,
    isNewDevice: row.new_device_until !== null,
    spentUsdMicros: usdMicrosFromDecimal(row.spent),
    spentOnNewDevicesUsdMicros: usdMicrosFromDecimal(row.spent_on_new_devices),
  };
  const day = dayRulesOf(standing);
  return {
    isFrozen: row.frozen_at !== null,
    day,
    leftUsdMicros: day[0]?.leftUsdMicros ?? 0n,
    newAccountUntil: row.new_account_until,
    newDeviceUntil: row.new_device_until,
    hasSecondFactor: row.has_second_factor,
  };
}
