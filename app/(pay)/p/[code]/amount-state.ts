import type { ErrorCode } from "@/lib/errors";
import type { Currency } from "@/lib/money";

/** What came back from the amount form: why not, and what was typed, so that a plain form loses nothing. */
export type AmountState = { failure: { code: ErrorCode; details: Record<string, string | number> } | null; typed: { cents: bigint; currency: Currency } | null };
