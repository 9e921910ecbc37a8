import type { ErrorCode } from "@/lib/errors";
import type { Currency } from "@/lib/money";

/** What came back from an amount form: why not, and what was typed. Only JSON, as the pay page's. */
export type AmountState = { failure: { code: ErrorCode; details: Record<string, string | number> } | null; typed: { cents: string; currency: Currency; note: string } | null };

export const NO_AMOUNT: AmountState = { failure: null, typed: null };
