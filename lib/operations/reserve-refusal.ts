import type { StepUpPurpose } from "@/lib/auth/rules";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { dayLimitError, type DayRule } from "@/lib/limits/rules";
import { usdMicrosFromDecimal } from "@/lib/money";

/** What pay_charge says beside the words of pay_reserve; who paid first is said by whoever asked. */
type ChargeRefusal = "charge_unknown" | "charge_paid" | "charge_held" | "charge_over" | "charge_not_yours" | "tip_not_allowed";
type Refusal = ChargeRefusal | "mismatch" | "insufficient" | "step_up" | "step_up_waiting" | "frozen" | "signed_out" | "account_not_ready" | "store_not_ready" | "store_closed" | DayRule;

/** What pay_reserve and move_reserve answer. */
export type Reserved = { result: "reserved" | "again" | Refusal; transaction_id: string | null; left_usd: string | null; wait_seconds: number | null };

const REFUSALS: Record<Exclude<Refusal, DayRule>, ErrorCode> = {
  mismatch: "idempotency_mismatch",
  insufficient: "balance_insufficient",
  step_up: "step_up_required",
  step_up_waiting: "step_up_waiting",
  frozen: "account_frozen",
  signed_out: "signed_out",
  account_not_ready: "account_not_ready",
  store_not_ready: "store_not_ready",
  store_closed: "store_closed",
  charge_unknown: "quote_invalid",
  charge_paid: "charge_paid",
  charge_held: "charge_held",
  charge_over: "charge_over",
  charge_not_yours: "charge_not_yours",
  tip_not_allowed: "tip_not_allowed",
};

/** A refusal of the reserving functions as the failure that people read; null when the money is reserved. */
export function refusalOf({ result, left_usd, wait_seconds }: Reserved): DomainError | null {
  if (result === "reserved" || result === "again") return null;
  if (result === "day" || result === "new_account_day" || result === "new_device") return dayLimitError(result, usdMicrosFromDecimal(left_usd ?? "0"));
  const purpose = "large_payment" satisfies StepUpPurpose;
  return new DomainError(REFUSALS[result], result === "step_up" ? { purpose } : result === "step_up_waiting" ? { seconds: wait_seconds ?? 0 } : {});
}

export const isUniqueViolation = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "23505";
