import { z } from "zod";
import { CHAIN_IDS, type ChainId } from "@/lib/chain/chains";
import { brlCentavosFromUsd } from "@/lib/money";

/** How a loan of ours came to its end, as the chain said it. */
export const LOAN_CLOSED_REASONS = ["repaid", "reallocated", "liquidated", "moved"] as const;
export type LoanClosedReason = (typeof LOAN_CLOSED_REASONS)[number];

/**
 * The ways to take a bonus, and to give an advance back. Cash out: free, the rewards are gone. Advance: a loan against rewards. Headroom: a loan
 * against what an older advance no longer needs. They are the transaction's purposes too.
 */
export const CLAIM_WAYS = ["cash_out", "advance", "headroom", "repayment"] as const;
export type ClaimWay = (typeof CLAIM_WAYS)[number];
/** The two that stand side by side. */
export type BonusWay = Extract<ClaimWay, "cash_out" | "advance">;

/** Less is not worth an operation that we pay for: ten cents of a dollar. */
export const CLAIM_MIN_USD_MICROS = 100_000n;
/** Stores in one "all": each is an operation of its own, and the list travels in an address. */
export const CLAIMS_AT_ONCE_MAX = 12;
/** How much of a shown amount is guaranteed: others repaying their advances can move a store's value a little in between. */
const GUARANTEED_BPS = 9_900n;
export const guaranteedOf = (usdMicros: bigint): bigint => (usdMicros * GUARANTEED_BPS) / 10_000n;
/** How much more than shown a partial repayment may cost, for the same reason; what is not needed comes back in the same operation. */
const REPAY_MARGIN_BPS = 10_100n;
export const repayMaxOf = (usdMicros: bigint): bigint => (usdMicros * REPAY_MARGIN_BPS + 9_999n) / 10_000n;

/** REVLoans' least fee up front, in basis points; in it the store's 2.5 %, beside the protocol's 2.5 % and the network's 1 %. */
export const PREPAID_FEE_BPS = 250;
export const PROTOCOL_FEE_BPS = 250;
export const NETWORK_FEE_BPS = 100;

/** Basis points as people read them: "2,5 %" or "2.5 %". */
export function percentText(bps: number, locale: string): string {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(bps / 100);
  return `${number}\u00a0%`;
}

type FeeLines = { grossUsdMicros: bigint; netUsdMicros: bigint; protocolFeeUsdMicros: bigint; networkFeeUsdMicros: bigint; storeFeeUsdMicros: bigint };

/** The fees in centavos, so that the lines add up to what is shown above and below them: the first line takes what rounding leaves. Null without fees. */
export function feeLinesBrlCentavos({ grossUsdMicros, netUsdMicros, protocolFeeUsdMicros, networkFeeUsdMicros, storeFeeUsdMicros }: FeeLines, brlPerUsdMicros: bigint): { store: bigint; protocol: bigint; network: bigint } | null {
  if (protocolFeeUsdMicros + networkFeeUsdMicros + storeFeeUsdMicros === 0n) return null;
  const centavos = (usdMicros: bigint) => brlCentavosFromUsd(usdMicros, brlPerUsdMicros);
  const all = centavos(grossUsdMicros) - centavos(netUsdMicros);
  const network = centavos(networkFeeUsdMicros);
  if (storeFeeUsdMicros === 0n) return { store: 0n, protocol: all - network, network };
  const protocol = centavos(protocolFeeUsdMicros);
  return { store: all - protocol - network, protocol, network };
}

/** Where rewards lie: one store on one chain. A claim takes from one such place. */
export const potKey = ({ storeId, chainId }: { storeId: string; chainId: ChainId }): string => `${storeId}.${chainId}`;

/**
 * One operation of a claim as it was shown. It travels signed in the review's address, and stands in the transaction's terms afterwards; the worker
 * and the person's own browser make the same calls of it. Amounts are micro-dollars, tokens base units.
 */
export const ClaimTerms = z.object({
  way: z.enum(CLAIM_WAYS),
  storeId: z.uuid(),
  chainId: z.enum(CHAIN_IDS),
  projectId: z.coerce.number().int().positive(),
  /** Tokens that are burned (cash out), given as collateral (advance, headroom) or come back (repayment). */
  units: z.coerce.bigint(),
  /** What comes into the balance, or leaves it for a repayment. */
  netUsdMicros: z.coerce.bigint(),
  /** Before fees: what is owed afterwards. A repayment's part of the loan. */
  grossUsdMicros: z.coerce.bigint(),
  protocolFeeUsdMicros: z.coerce.bigint(),
  networkFeeUsdMicros: z.coerce.bigint(),
  /** The store's fee: up front for an advance, for paying late for a repayment. */
  storeFeeUsdMicros: z.coerce.bigint(),
  /** Guaranteed: less never leaves the store's side. For a repayment it is the most that it may cost. */
  boundUsdMicros: z.coerce.bigint(),
  prepaidFeeBps: z.coerce.number().int(),
  /** Until when no further fee is due, and when the rewards of an advance are gone; null where there is no advance afterwards. */
  feeFreeUntil: z.coerce.date().nullable(),
  endsAt: z.coerce.date().nullable(),
  /** The advance that headroom or a repayment is of: our row and the chain's number. */
  loan: z.object({ id: z.uuid(), number: z.coerce.bigint() }).nullable(),
});
export type ClaimTerms = z.output<typeof ClaimTerms>;

/** Terms as JSON keeps them: integers and dates as text. */
export const termsToJson = (terms: ClaimTerms) => JSON.parse(JSON.stringify(terms, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value))) as Record<string, string | number | object | null>;
