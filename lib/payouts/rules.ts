import { z } from "zod";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { USD_MICROS_PER_CENT } from "@/lib/money";

export const PAYOUT_TYPES = ["pix", "bank", "wallet"] as const;
export type PayoutType = (typeof PAYOUT_TYPES)[number];
export const PAYOUT_STATUSES = ["pending", "processing", "completed", "failed"] as const;

/** Who pays reais out. */
export const PAYOUT_PROVIDERS = ["avenia", "starkbank"] as const;
export type PayoutProviderName = (typeof PAYOUT_PROVIDERS)[number];

export const PIX_KEY_TYPES = ["cpf", "cnpj", "phone", "email", "random"] as const;
export type PixKeyType = (typeof PIX_KEY_TYPES)[number];

/** A line between what goes in and what comes out, in the currency in which the provider takes it. */
export type PayoutFee = { name: string; amount: string; currency: "USD" | "BRL" };

/** Whose key it is: the document comes masked, as the provider gives it. */
export type PixKeyHolder = { name: string; maskedDocument: string; bankName: string };

/** Where reais go. A bank code of 3 digits, an ISPB of 8. */
export type ProviderDestination =
  | { kind: "pix"; pixKey: string }
  | { kind: "bank"; holderName: string; document: string; bankCode: string; branch: string; account: string; accountType: "checking" | "savings" };

/** What a saved destination is, whole: screens show its masked text. */
export type DestinationData = { kind: "wallet"; address: string } | (ProviderDestination & { kind: "pix"; keyType: PixKeyType }) | Extract<ProviderDestination, { kind: "bank" }>;
/** As a payout keeps it: of that moment, also when the destination is removed later. A person's name is read where it stands: it goes when the person does. */
export type StoredDestination = { kind: "balance"; userId: string; walletAddress: string } | (DestinationData & { shown: string; ownerName: string | null });

/** What became of asking whose key it is: `identity` waits for the store's own check at the partner, `away` for the partner. */
export const DESTINATION_LOOKUPS = ["none", "asking", "found", "unknown", "identity", "away"] as const;
export const PROVIDER_IDENTITIES = ["confirmed", "needed", "rejected"] as const;
export const PRICE_STATUSES = ["asking", "priced", "identity", "limit", "refused", "away"] as const;

/**
 * A payout's life. `requested`, `funding`: the store's account is to send the dollars. `funded`: they are at the partner. `submitted` is written before the
 * partner is asked to pay. `processing`, `on_hold`: the partner's word. `needs_confirmation`: it would bring less than promised. After
 * `failed` and `returned` the dollars lie at the partner, if they ever left the store.
 */
export const PAYOUT_STATES = ["requested", "funding", "funded", "submitted", "processing", "on_hold", "needs_confirmation", "completed", "failed", "returned", "cancelled"] as const;
export type PayoutState = (typeof PAYOUT_STATES)[number];

/** What may follow what by the worker's hand; the owner's word goes through payout_answer, what the chain says through the follower. */
const NEXT: Record<PayoutState, readonly PayoutState[]> = {
  requested: ["funding"],
  funding: [],
  funded: ["submitted", "needs_confirmation", "failed"],
  submitted: ["funded", "processing", "on_hold", "completed", "failed", "returned"],
  processing: ["on_hold", "completed", "failed", "returned"],
  on_hold: ["processing", "completed", "failed", "returned"],
  needs_confirmation: [],
  // A Pix that was paid can come back; the word of one that was late never undoes it.
  completed: ["returned"],
  failed: [],
  returned: [],
  cancelled: [],
};
export const mayBecome = (from: PayoutState, to: PayoutState): boolean => NEXT[from].includes(to);

/** States in which the worker has something to do or to ask. */
export const OPEN_STATES = ["requested", "funding", "funded", "submitted", "processing", "on_hold"] as const satisfies readonly PayoutState[];
export const isOpen = (state: PayoutState): boolean => (OPEN_STATES as readonly PayoutState[]).includes(state);

/** The two ways to the dollars behind a store's own tokens: cash out (free, the tokens are gone) or borrow (costs 6 %, keeps what they may still become). */
export const PAYOUT_WAYS = ["cash_out", "borrow"] as const;
export type PayoutWay = (typeof PAYOUT_WAYS)[number];

/** A new destination waits so long, with notice to everybody who owns the store. */
export const DESTINATION_WAIT_SECONDS = 24 * 60 * 60;
/** Destinations of one store. */
export const DESTINATIONS_MAX = 50;
/** Less is not worth an operation that we pay for: one dollar. */
export const PAYOUT_USD_MICROS_MIN = 1_000_000n;
/** How long the answer of a lookup is good for, so that nobody's key is asked for again and again. */
export const LOOKUP_FRESH_SECONDS = 900;
/** How long a price is shown. */
export const PAYOUT_QUOTE_MS = 60_000;
/** The reason of a `funding` step whose dollars have left the store's chain for the partner's. */
export const ON_THE_WAY = "bridge";
/** The most that bringing dollars to the partner may cost, in basis points: Circle's fast transfer takes about one. */
export const BRIDGE_FEE_BPS_MAX = 100n;
/** A Pix that was paid is asked about for so long: banks return money days later. */
export const RETURN_WATCH_DAYS = 90;

/** What may be lost between the amount that was shown and the one that is sent, half a percent; more than this is asked again. */
const GUARANTEED_BPS = 9_950n;
export const guaranteedOf = (amount: bigint): bigint => (amount * GUARANTEED_BPS) / 10_000n;

/**
 * What was shown of a payout's dollars. The worker builds its calls from it. `netUsdMicros` goes to the destination or the partner, `leastUsdMicros` is the
 * least that may. Of it `dollarsUsdMicros` are the store's own dollars; the rest comes from `units` tokens. Where the money lies on another chain than the
 * partner takes it on, it is brought to `bridgeToChainId` for `bridgeFeeUsdMicros` at most.
 */
export const PayoutTerms = z.object({
  way: z.enum(PAYOUT_WAYS),
  chainId: z.enum(CHAIN_IDS),
  projectId: z.coerce.number().int().positive(),
  units: z.coerce.bigint(),
  dollarsUsdMicros: z.coerce.bigint(),
  /** What it takes of the store's balance. */
  amountUsdMicros: z.coerce.bigint(),
  netUsdMicros: z.coerce.bigint(),
  leastUsdMicros: z.coerce.bigint(),
  protocolFeeUsdMicros: z.coerce.bigint(),
  networkFeeUsdMicros: z.coerce.bigint(),
  storeFeeUsdMicros: z.coerce.bigint(),
  prepaidFeeBps: z.coerce.number().int(),
  bridgeToChainId: z.enum(CHAIN_IDS).nullable().default(null),
  bridgeFeeUsdMicros: z.coerce.bigint().default(0n),
  /** The level at which Circle signs for it (lib/chain/cctp.ts); 0 without a bridge. */
  bridgeFinality: z.number().int().default(0),
});
/** As a row keeps it: integers as text. */
export type PayoutTermsOf = z.output<typeof PayoutTerms>;
export type PayoutTerms = { [Name in keyof PayoutTermsOf]: PayoutTermsOf[Name] extends bigint ? string : PayoutTermsOf[Name] };

export const termsToJson = (terms: PayoutTermsOf): PayoutTerms => JSON.parse(JSON.stringify(terms, (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value))) as PayoutTerms;

/** The least of a net that reaches the destination or the partner's account. */
export const reachesUsdMicros = ({ netUsdMicros, bridgeFeeUsdMicros }: Pick<PayoutTermsOf, "netUsdMicros" | "bridgeFeeUsdMicros">): bigint => netUsdMicros - bridgeFeeUsdMicros;

/** A bridge's fee as screens show it: a fraction of a cent is a cent, so that nothing looks free that is not. */
export const shownBridgeFee = (feeUsdMicros: bigint): bigint => ((feeUsdMicros + USD_MICROS_PER_CENT - 1n) / USD_MICROS_PER_CENT) * USD_MICROS_PER_CENT;

/** The flag of each type, which the operator may switch off. */
export const flagOf = (type: PayoutType): "payouts_pix" | "payouts_bank" | "payouts_wallet" => `payouts_${type}`;
