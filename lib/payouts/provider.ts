import "server-only";
import type { PayoutFee, PayoutProviderName, PixKeyHolder, ProviderDestination } from "./rules";

/** A store at a provider: one account for good, known by the store's id. */
export type ProviderAccount = {
  accountId: string;
  /** `needed` until the provider knows who the store is; its own page for that, where it has one. */
  identity: "confirmed" | "needed" | "rejected";
  identityUrl: string | null;
  /** A second page, for who may speak for the store, where the provider has one. */
  representativeUrl: string | null;
  /** Where the store's dollars go to be paid out: an address on the provider's chain (Base), lower case. */
  depositAddress: string;
};

/** A price of some seconds. Amounts are bigint in the unit of their name. */
export type ProviderQuote = {
  token: string;
  inputUsdMicros: bigint;
  outputBrlCentavos: bigint;
  brlPerUsdMicros: bigint;
  fees: PayoutFee[];
  expiresAt: Date;
};

/**
 * What became of a payout that was handed over. `held` is the provider's own check; `returned` came back after it was paid, and the money is in the
 * store's account at the provider again, as it is after `failed`.
 */
export type ProviderTicket = {
  ticketId: string;
  state: "processing" | "held" | "paid" | "failed" | "returned";
  reason: string | null;
  endToEndId: string | null;
};

/**
 * Who turns a store's dollars into reais and pays them out. Every call fails with ProviderError; after an `uncertain` submit the ticket is looked up by our
 * own id before anything is asked again, because it may have happened.
 */
export type PayoutProvider = {
  name: PayoutProviderName;
  /** Finds the store's account or opens it, once, and says where its identity stands now. Safe to repeat. */
  openAccount: (store: { storeId: string; name: string; legalName: string | null; cnpj: string | null }) => Promise<ProviderAccount>;
  /** Whose key it is, as far as the provider may tell; null for a key that nobody has. The provider counts these: ask only when a person goes on. */
  lookUpKey: (accountId: string, pixKey: string) => Promise<PixKeyHolder | null>;
  /** What may still go out this month in reais centavos; null without a limit. */
  leftBrlCentavos: (accountId: string) => Promise<bigint | null>;
  quote: (accountId: string, input: { amountUsdMicros: bigint; isThirdParty: boolean }) => Promise<ProviderQuote>;
  /** The store's dollars that the provider holds now, in micro-dollars. */
  balanceUsdMicros: (accountId: string) => Promise<bigint>;
  /** Whether a deposit of ours has been credited, by the hash of its transaction. */
  isCredited: (accountId: string, deposit: { txHash: string; amountUsdMicros: bigint }) => Promise<boolean>;
  submit: (accountId: string, input: { payoutId: string; quoteToken: string; destination: ProviderDestination; message: string }) => Promise<ProviderTicket>;
  /** The ticket with our id, or null. */
  find: (accountId: string, payoutId: string) => Promise<ProviderTicket | null>;
  read: (accountId: string, ticketId: string) => Promise<ProviderTicket>;
  /** The provider's own receipt as a PDF, once paid. */
  receiptPdf: (accountId: string, ticketId: string) => Promise<Uint8Array | null>;
};

/**
 * `refused`: nothing happened. `expired`: the price is over, nothing happened, ask for another. `busy`: ask later, nothing happened. `uncertain`: it may
 * have happened.
 */
export class ProviderError extends Error {
  constructor(
    readonly failure: "refused" | "expired" | "busy" | "uncertain",
    /** The provider's own word. */
    readonly reason: string | null,
  ) {
    super(`payout provider: ${failure}${reason ? ` ${reason}` : ""}`);
    this.name = "ProviderError";
  }
}
