import type { ErrorCode } from "@/lib/errors";
import type { TipChoice } from "@/lib/charges/rules";

/** From the account, after a sign-in, or by a wallet of one's own. */
export const PAID_BY = ["account", "wallet"] as const;
export type PaidBy = (typeof PAID_BY)[number];

/** What came back from the charge's form: why not, and the tip that was chosen. Only JSON, as AmountState of the store's page. */
export type ChargeFormState = { failure: { code: ErrorCode; details: Record<string, string | number> } | null; chosen: { tip: TipChoice; tipText: string } | null };
