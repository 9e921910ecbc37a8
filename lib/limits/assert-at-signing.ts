import "server-only";
import { sql } from "@/db/client";
import { STEP_UP_SECONDS } from "@/lib/auth/rules";
import { DomainError } from "@/lib/errors";
import { usdMicrosFromDecimal } from "@/lib/money";
import { assertPayable, assertWithinDay, isLargePayment, LIMITS } from "./rules";

/**
 * Every limit again, in the worker, before a payment is signed: the row that waits in the outbox may have been made by whoever
 * broke into the web process. A day is the 24 hours before the payment with all that was confirmed no later, so of two that race only the
 * later one is refused. A large payment shows its second factor: a signature in its session from five minutes before on, or a
 * right that was used up with it.
 * Fails with: amount_too_small, limit_payment, account_frozen, limit_day, limit_new_device, step_up_required.
 */
export async function assertPayableAtSigning(transactionId: string, amountUsdMicros: bigint): Promise<void> {
  assertPayable(amountUsdMicros);
  const [row] = await sql<
    { frozen_at: Date | null; is_new_account: boolean; is_new_device: boolean; spent: string; spent_on_new_devices: string; has_stepped_up: boolean }[]
  >`
    SELECT u.frozen_at, u.created_at > t.created_at - make_interval(days => ${LIMITS.newAccountDays}) AS is_new_account,
           COALESCE(s.limited_until > t.created_at, FALSE) AS is_new_device, day.spent::text, day.spent_on_new_devices::text,
           COALESCE(s.stepped_up_at > t.created_at - make_interval(secs => ${STEP_UP_SECONDS}), FALSE)
             OR EXISTS (SELECT 1 FROM step_up_waits w WHERE w.user_id = u.id AND w.purpose = 'large_payment' AND w.used_at = t.created_at) AS has_stepped_up
    FROM transactions t
    JOIN users u ON u.id = t.from_user_id
    LEFT JOIN sessions s ON s.id = t.session_id AND s.user_id = u.id
    CROSS JOIN LATERAL (
      SELECT COALESCE(sum(d.amount_usd), 0) AS spent, COALESCE(sum(d.amount_usd) FILTER (WHERE ds.limited_until > d.created_at), 0) AS spent_on_new_devices
      FROM transactions d LEFT JOIN sessions ds ON ds.id = d.session_id
      WHERE d.from_user_id = u.id AND d.type IN ('payment', 'received') AND d.status <> 'failed' AND d.origin IS NULL AND d.id <> t.id
        AND d.created_at > t.created_at - INTERVAL '24 hours' AND (d.created_at, d.id) < (t.created_at, t.id)) AS day
    WHERE t.id = ${transactionId}`;
  if (!row) throw new DomainError("not_found");
  if (row.frozen_at) throw new DomainError("account_frozen");
  assertWithinDay(amountUsdMicros, {
    isNewAccount: row.is_new_account,
    isNewDevice: row.is_new_device,
    spentUsdMicros: usdMicrosFromDecimal(row.spent),
    spentOnNewDevicesUsdMicros: usdMicrosFromDecimal(row.spent_on_new_devices),
  });
  if (isLargePayment(amountUsdMicros) && !row.has_stepped_up) throw new DomainError("step_up_required", { purpose: "large_payment" });
}
