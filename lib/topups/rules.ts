/** Who turns Pix into dollars: the local stand-in, or Avenia. */
export const TOP_UP_PROVIDERS = ["sandbox", "avenia"] as const;
export type TopUpProvider = (typeof TOP_UP_PROVIDERS)[number];

/**
 * A top-up's life. `quoting`, `quoted`: a price, nothing owed. `opening`: the code is being made. `waiting`: the code can be paid. `held`: the
 * provider looks at the Pix. `paid`: the Pix is there, the dollars are on their way. `done`: the dollars were seen on the chain. The others
 * end it: nobody paid, too little, too late, or the provider said no.
 */
export const TOP_UP_STATUSES = ["quoting", "quoted", "opening", "waiting", "held", "paid", "done", "expired", "underpaid", "paid_late", "refused"] as const;
export type TopUpStatus = (typeof TOP_UP_STATUSES)[number];

/**
 * What may follow what; everything else is refused. `done` comes from the follower's journal alone and goes back only when a reorg took the
 * dollars away. A code that ran out unpaid may still turn out to have been paid: banks and the provider have clocks of their own.
 */
export const TOP_UP_TRANSITIONS: Record<TopUpStatus, readonly TopUpStatus[]> = {
  quoting: ["quoted", "refused"],
  quoted: ["quoted", "opening"],
  opening: ["waiting", "quoted", "refused"],
  waiting: ["held", "paid", "expired", "underpaid", "paid_late", "refused"],
  expired: ["held", "paid", "underpaid", "paid_late", "refused"],
  held: ["paid", "refused"],
  paid: ["held", "done", "refused"],
  done: ["paid"],
  underpaid: [],
  paid_late: [],
  refused: [],
};

/** Statuses in which the provider may still say something new. */
export const ASKED_OF_PROVIDER = ["waiting", "held", "paid", "expired"] as const satisfies readonly TopUpStatus[];

export const TOP_UP_BRL_CENTAVOS_MIN = 1_000n;
export const TOP_UP_BRL_CENTAVOS_MAX = 1_000_000n;

/** The code's life: the provider takes 300 to 600 seconds where it converts. */
export const CODE_SECONDS = 600;
/** After the last second the provider is asked once more before we say that nobody paid. */
export const EXPIRY_GRACE_SECONDS = 30;
/** What may be lost between the price that was shown and the one that is fixed; more than this is asked again. */
const TOLERANCE_BPS = 50n;

/** The least that arrives at a shown price, micro-dollars. */
export const minimumOf = (quotedUsdMicros: bigint): bigint => (quotedUsdMicros * (10_000n - TOLERANCE_BPS)) / 10_000n;

/** A line of the price. The provider's names, ours to word; amounts in the smallest unit of their currency, as text. */
export type TopUpFee = { type: string; currency: "BRL" | "USD"; amount: string };

export const FEE_KINDS = ["conversion", "delivery", "pix", "service"] as const;
export type FeeKind = (typeof FEE_KINDS)[number];
const KIND_OF: Record<string, FeeKind> = { "Conversion Fee": "conversion", "Gas Fee": "delivery", "Out Fee": "delivery", "In Fee": "pix" };
export const feeKindOf = (type: string): FeeKind => KIND_OF[type] ?? "service";

/** What the provider says of a ticket, as far as it decides a status. */
export type TicketWord = { status: "UNPAID" | "PENDING" | "PROCESSING" | "ON-HOLD" | "PAID" | "FAILED" | "PARTIAL-FAILED"; reason: string | null; expiresAt: Date | null };

/**
 * The status that a ticket stands for. PAID is `paid`, not `done`: the dollars count when the chain shows them. Reasons are the provider's words;
 * one that we do not know is a refusal, with the word kept.
 */
export function statusOfTicket({ status, reason, expiresAt }: TicketWord, now: Date): TopUpStatus {
  switch (status) {
    case "UNPAID":
      return expiresAt && now.getTime() > expiresAt.getTime() + EXPIRY_GRACE_SECONDS * 1000 ? "expired" : "waiting";
    case "PENDING":
    case "PROCESSING":
    case "PAID":
      return "paid";
    case "ON-HOLD":
      return "held";
    case "FAILED":
    case "PARTIAL-FAILED":
      return /UNDERPAID|INSUFFICIENT-AMOUNT|AMOUNT-MISMATCH/i.test(reason ?? "") ? "underpaid" : /EXPIR|LATE/i.test(reason ?? "") ? "paid_late" : "refused";
  }
}

/** A second Pix for a code that was paid already; the provider returns it. */
export const isPaidTwice = ({ status, reason }: TicketWord): boolean => status !== "FAILED" && status !== "UNPAID" && /DUPLICAT/i.test(reason ?? "");

/** True where the change is allowed, also when it changes nothing. */
export const mayBecome = (from: TopUpStatus, to: TopUpStatus): boolean => from === to || TOP_UP_TRANSITIONS[from].includes(to);

/** What the page says: the status, or by the clock that the code has run out before a job wrote it, or that two Pix came. */
export type ShownTopUp = TopUpStatus | "paid_twice";
export function shownOf({ status, secondsLeft, isPaidTwice: twice }: { status: TopUpStatus; secondsLeft: number; isPaidTwice: boolean }): ShownTopUp {
  if (status === "waiting" && secondsLeft <= 0) return "expired";
  return status === "done" && twice ? "paid_twice" : status;
}
