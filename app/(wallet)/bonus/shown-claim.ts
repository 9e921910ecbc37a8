import "server-only";
import { findStoresShown } from "@/lib/loans/claim-queries";
import { guaranteedNet } from "@/lib/loans/price-claim";
import { openLoansOf } from "@/lib/loans/queries";
import type { MadeClaim } from "@/lib/loans/quote-claim";
import type { ClaimWay } from "@/lib/loans/rules";

/** A quoted claim as the review shows it: sums over its stores. `signed` goes back to the server untouched. */
export type ShownClaim = {
  signed: string;
  way: ClaimWay;
  stores: { id: string; name: string; qrVersion: number }[];
  netUsdMicros: bigint;
  grossUsdMicros: bigint;
  protocolFeeUsdMicros: bigint;
  networkFeeUsdMicros: bigint;
  storeFeeUsdMicros: bigint;
  /** The least that comes, or for a repayment the most that it may cost. */
  boundUsdMicros: bigint;
  feeFreeUntil: Date | null;
  endsAt: Date | null;
  /** What of an advance stays open after a repayment. */
  remainingUsdMicros: bigint | null;
  brlPerUsdMicros: bigint;
  rateAt: Date;
  /** Counted by the server: the phone's clock may be wrong. */
  secondsLeft: number;
};

const earliest = (dates: (Date | null)[]): Date | null => dates.reduce((least, date) => (date && (!least || date < least) ? date : least), null);

export async function shownClaim(actor: { userId: string }, { quote, signed }: MadeClaim, now = new Date()): Promise<ShownClaim> {
  const { items, way } = quote;
  const sum = (pick: (item: (typeof items)[number]) => bigint) => items.reduce((total, item) => total + pick(item), 0n);
  const [stores, loans] = await Promise.all([findStoresShown(items.map(({ storeId }) => storeId)), way === "repayment" ? openLoansOf(actor) : []]);
  const repaid = way === "repayment" ? loans.find(({ loan }) => loan.id === items[0]?.loan?.id)?.loan : undefined;
  return {
    signed,
    way,
    stores,
    netUsdMicros: sum((item) => item.netUsdMicros),
    grossUsdMicros: sum((item) => item.grossUsdMicros),
    protocolFeeUsdMicros: sum((item) => item.protocolFeeUsdMicros),
    networkFeeUsdMicros: sum((item) => item.networkFeeUsdMicros),
    storeFeeUsdMicros: sum((item) => item.storeFeeUsdMicros),
    boundUsdMicros: sum(guaranteedNet),
    feeFreeUntil: earliest(items.map((item) => item.feeFreeUntil)),
    endsAt: earliest(items.map((item) => item.endsAt)),
    remainingUsdMicros: repaid ? repaid.borrowedUsdMicros - sum((item) => item.grossUsdMicros) : null,
    brlPerUsdMicros: quote.brlPerUsdMicros,
    rateAt: quote.rateAt,
    secondsLeft: Math.max(0, (quote.expiresAt.getTime() - now.getTime()) / 1000),
  };
}
