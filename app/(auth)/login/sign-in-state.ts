import type { ErrorCode } from "@/lib/errors";

/** Where a code went, and how long until another may be asked for. */
export type SentCode = { phone: string; phoneShown: string; resendSeconds: number };

/** The whole sign-in as one form state, so that both steps also work as plain forms, before or without scripts. */
export type SignInState = {
  /** Null in the phone step. */
  sent: SentCode | null;
  /** Counts the codes sent; a new one starts the countdown again and is announced from the second on. */
  sentCount: number;
  failure: { code: ErrorCode; details: Record<string, string | number> } | null;
  /** What was typed in the phone step, kept when it is refused or changed. */
  typed: { phone: string; country: string };
};
