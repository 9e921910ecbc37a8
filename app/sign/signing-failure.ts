import { WalletFailure } from "@/components/wallet/wallet-types";
import { PasskeyError } from "@/lib/accounts/derived-key.client";
import { NotWhatIsShownError } from "@/lib/accounts/sign-prepared.client";
import type { ErrorCode } from "@/lib/errors";

/** Why nothing was signed, in a word that has its sentence under `signing.failures`. */
export type SigningFailureCode = "cancelled" | "no_key" | "not_owner" | "not_shown" | "failed";

export class SigningFailure extends Error {
  constructor(readonly code: SigningFailureCode) {
    super(code);
    this.name = "SigningFailure";
  }
}

/** The server's own no to something that was being signed. */
export class RefusedByServer extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly details: Record<string, string | number>,
  ) {
    super(code);
    this.name = "RefusedByServer";
  }
}

/** What any failure on the way to a signature means. */
export function signingFailureOf(error: unknown): SigningFailureCode {
  if (error instanceof SigningFailure) return error.code;
  if (error instanceof NotWhatIsShownError) return "not_shown";
  if (error instanceof PasskeyError) return error.reason === "cancelled" || error.reason === "replaced" ? "cancelled" : error.reason === "no_key" ? "no_key" : "failed";
  if (error instanceof WalletFailure) return error.code === "rejected" ? "cancelled" : "failed";
  return "failed";
}
