import { STEP_UP_SECONDS } from "@/lib/auth/rules";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { decimalFromUsdMicros } from "@/lib/money";

/** The one table of PRODUCT.md §7. pay_reserve gets it as it is, pages show it, and the signing worker asks it again. */
export const LIMITS = {
  paymentUsdMicros: 10_000_000_000n,
  dayUsdMicros: 50_000_000_000n,
  newAccountDayUsdMicros: 500_000_000n,
  newAccountDays: 7,
  /** Of all devices together that were signed in by code alone within the last day. */
  newDeviceDayUsdMicros: 50_000_000n,
  /** From here on a payment asks for a passkey's or wallet's signature. */
  largePaymentUsdMicros: 500_000_000n,
} as const;

/** One cent of a dollar: below it the dollars beside the price would read US$ 0.00. */
export const PAYMENT_USD_MICROS_MIN = 10_000n;

/** A person hears of a limit from this share of what is left on. */
const NEAR_PERCENT = 80n;

/** LIMITS as the pay function reads it, in dollars. */
export const limitsForReserve = () => ({
  day: decimalFromUsdMicros(LIMITS.dayUsdMicros),
  new_account_day: decimalFromUsdMicros(LIMITS.newAccountDayUsdMicros),
  new_account_days: LIMITS.newAccountDays,
  new_device_day: decimalFromUsdMicros(LIMITS.newDeviceDayUsdMicros),
  large: decimalFromUsdMicros(LIMITS.largePaymentUsdMicros),
  step_up_seconds: STEP_UP_SECONDS,
});

/** Refuses a price outside the limits. Fails with amount_too_small or limit_payment. */
export function assertPayable(amountUsdMicros: bigint) {
  if (amountUsdMicros < PAYMENT_USD_MICROS_MIN) throw new DomainError("amount_too_small");
  if (amountUsdMicros > LIMITS.paymentUsdMicros) throw new DomainError("limit_payment", { limitUsdMicros: LIMITS.paymentUsdMicros.toString() });
}

/** Which rule of a day binds a person just now. */
export const DAY_RULES = ["day", "new_account_day", "new_device"] as const;
export type DayRule = (typeof DAY_RULES)[number];
export const DAY_LIMITS: Record<DayRule, bigint> = { day: LIMITS.dayUsdMicros, new_account_day: LIMITS.newAccountDayUsdMicros, new_device: LIMITS.newDeviceDayUsdMicros };

/** What counts for a person's day: where they stand, and what left the account in the 24 hours before. */
export type Standing = { isNewAccount: boolean; isNewDevice: boolean; spentUsdMicros: bigint; spentOnNewDevicesUsdMicros: bigint };
export type DayLeft = { rule: DayRule; limitUsdMicros: bigint; spentUsdMicros: bigint; leftUsdMicros: bigint };

/** Every rule of the day that holds for a person, the one that leaves least first. */
export function dayRulesOf(standing: Standing): DayLeft[] {
  const rules: DayRule[] = [standing.isNewAccount ? "new_account_day" : "day", ...(standing.isNewDevice ? (["new_device"] as const) : [])];
  return rules
    .map((rule) => {
      const spentUsdMicros = rule === "new_device" ? standing.spentOnNewDevicesUsdMicros : standing.spentUsdMicros;
      const left = DAY_LIMITS[rule] - spentUsdMicros;
      return { rule, limitUsdMicros: DAY_LIMITS[rule], spentUsdMicros, leftUsdMicros: left > 0n ? left : 0n };
    })
    .toSorted((a, b) => Number(a.leftUsdMicros - b.leftUsdMicros));
}

/** The failure of a rule, with what is left of it. */
export const dayLimitError = (rule: DayRule, leftUsdMicros: bigint): DomainError =>
  rule === "new_device"
    ? new DomainError("limit_new_device", { availableUsdMicros: leftUsdMicros.toString() })
    : new DomainError("limit_day", { availableUsdMicros: leftUsdMicros.toString(), limitUsdMicros: DAY_LIMITS[rule].toString(), reason: rule });

/** Refuses what is more than is left. Fails with limit_day, limit_new_device. */
export function assertWithinDay(amountUsdMicros: bigint, standing: Standing) {
  for (const { rule, leftUsdMicros } of dayRulesOf(standing)) if (amountUsdMicros > leftUsdMicros) throw dayLimitError(rule, leftUsdMicros);
}

export const isLargePayment = (amountUsdMicros: bigint): boolean => amountUsdMicros >= LIMITS.largePaymentUsdMicros;

/** How an amount stands to what is left today: say something before the person hits the limit, not after. */
export function nearnessOf(amountUsdMicros: bigint, leftUsdMicros: bigint): "far" | "near" | "over" {
  if (amountUsdMicros > leftUsdMicros) return "over";
  return amountUsdMicros * 100n >= leftUsdMicros * NEAR_PERCENT ? "near" : "far";
}

const REFUSED_AT_SIGNING: ReadonlySet<ErrorCode> = new Set(["account_frozen", "amount_too_small", "limit_payment", "limit_day", "limit_new_device", "step_up_required", "quote_moved", "forbidden", "payee_not_known", "bonus_delayed", "advance_not_funded"]);

/** Failures that another try does not mend, or only at a price that the payer sees first: the payment ends with this code, and its money is free. */
export const isRefusedAtSigning = (code: ErrorCode): boolean => REFUSED_AT_SIGNING.has(code);
