import type { ErrorCode } from "@/lib/errors";
import type { Currency } from "@/lib/money";

/**
 * What came back from the amount form: why not, and what was typed (cents as digits), so that a plain form loses nothing. Only JSON:
 * Next writes the state of a plain form into the page with JSON.stringify, which knows no bigint.
 */
export type AmountState = { failure: { code: ErrorCode; details: Record<string, string | number> } | null; typed: { cents: string; currency: Currency } | null };
