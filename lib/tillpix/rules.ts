import { EXPIRY_GRACE_SECONDS, statusOfTicket, type TicketWord } from "@/lib/topups/rules";

/**
 * A till Pix's life as its row keeps it. `asked`: the code is being made. `open`: it can be paid. `held`: the provider looks at the Pix. `paid`: the
 * Pix is there, the dollars are on their way. `converting`: the dollars are in the store's account and on their way into its revnet; that
 * they are there is said by the payment's transaction alone. The others end it: nobody paid, too little, a charge that was paid already, too
 * late, given back, or a no of the provider.
 */
export const TILL_PIX_STATUSES = ["asked", "open", "held", "paid", "converting", "expired", "underpaid", "paid_twice", "paid_late", "returned", "refused"] as const;
export type TillPixStatus = (typeof TILL_PIX_STATUSES)[number];

/** What may follow what; everything else is refused. What was converted goes back only when a reorg took the dollars, or the deposit failed. */
export const TILL_PIX_TRANSITIONS: Record<TillPixStatus, readonly TillPixStatus[]> = {
  asked: ["open", "refused"],
  open: ["held", "paid", "expired", "underpaid", "paid_twice", "paid_late", "returned", "refused"],
  expired: ["held", "paid", "underpaid", "paid_twice", "paid_late", "returned", "refused"],
  held: ["paid", "paid_twice", "returned", "refused"],
  paid: ["held", "converting", "paid_twice", "returned", "refused"],
  converting: ["paid", "paid_twice"],
  paid_twice: ["returned"],
  underpaid: [],
  paid_late: [],
  returned: [],
  refused: [],
};
export const mayPixBecome = (from: TillPixStatus, to: TillPixStatus): boolean => from === to || TILL_PIX_TRANSITIONS[from].includes(to);

/** Statuses in which the provider may still say something new. */
export const PIX_ASKED_OF_PROVIDER = ["open", "held", "paid", "expired"] as const satisfies readonly TillPixStatus[];

/** Below this the provider's own fees eat the sale. */
export const TILL_PIX_BRL_CENTAVOS_MIN = 500n;
/** A phone may be typed anew so often until its reward is taken: each brings somebody a message. */
export const PHONE_CHANGES_MAX = 3;

/** The status that a ticket stands for, in a till's words. A Pix that the provider sent back for no fault of its amount or time is returned. */
export function pixStatusOfTicket(word: TicketWord, now: Date): Exclude<TillPixStatus, "asked" | "converting" | "paid_twice"> {
  const status = statusOfTicket(word, now);
  switch (status) {
    case "waiting":
      return "open";
    case "refused":
      return /RETURN|REFUND/i.test(word.reason ?? "") ? "returned" : "refused";
    case "held":
    case "paid":
    case "expired":
    case "underpaid":
    case "paid_late":
      return status;
    default:
      throw new Error(`A ticket is never ${status}`);
  }
}

/** What screens say: the row's status, that it is done by the payment's transaction, or by the clock that the code has run out. */
export const SHOWN_TILL_PIX = [...TILL_PIX_STATUSES, "done"] as const;
export type ShownTillPix = (typeof SHOWN_TILL_PIX)[number];
export function shownPixOf({ status, payment, expiresAt }: { status: TillPixStatus; payment: "pending" | "confirmed" | "failed" | null; expiresAt: Date | null }, now: Date): ShownTillPix {
  if (status === "converting" && payment === "confirmed") return "done";
  if (status === "open" && expiresAt && expiresAt <= now) return "expired";
  return status;
}

/** True while the screen may still change by itself. A code that ran out is looked after a little longer. */
export function isPixMoving(shown: ShownTillPix, expiresAt: Date | null, now: Date): boolean {
  if (shown === "expired") return expiresAt !== null && now.getTime() < expiresAt.getTime() + EXPIRY_GRACE_SECONDS * 2_000;
  return shown === "asked" || shown === "open" || shown === "held" || shown === "paid" || shown === "converting";
}

/** Where the reward of a sale stands. `waits`: nobody has said a phone; `told`: a phone was written down; `sent`: it is the person's. */
export const PIX_REWARD_STATES = ["none", "waits", "told", "sending", "sent"] as const;
export type PixRewardState = (typeof PIX_REWARD_STATES)[number];
type RewardFacts = { isPaid: boolean; units: bigint; hasPhone: boolean; isClaimed: boolean; transfer: "pending" | "confirmed" | "failed" | null };
export function pixRewardStateOf({ isPaid, units, hasPhone, isClaimed, transfer }: RewardFacts): PixRewardState {
  if (transfer === "confirmed") return "sent";
  if (isPaid && units === 0n) return "none";
  if (isClaimed) return "sending";
  return hasPhone ? "told" : "waits";
}
/** What a till may see of it: whether somebody has an account is nobody's business there. */
export const tillSees = (state: PixRewardState): "none" | "waits" | "told" => (state === "none" || state === "waits" ? state : "told");

/** 128 bits in base64url: the secret of a receipt's page. */
export const PIX_SECRET = /^[A-Za-z0-9_-]{22}$/;

/** What the till shows of a Pix. JSON: amounts are integers as text. */
export type TillPixView = {
  id: string;
  shown: ShownTillPix;
  amountBrlCentavos: string;
  quotedUsdMicros: string | null;
  arrivedUsdMicros: string | null;
  /** While it can be paid; `bankUrl` in the sandbox. */
  code: { brCode: string; secondsLeft: number; bankUrl: string | null } | null;
  /** Two Pix came for one code; the provider sends the second back. */
  hasSecondPayment: boolean;
  reward: { state: "none" | "waits" | "told"; phoneShown: string | null; mayChange: boolean };
  /** The receipt's page, for the customer's own phone. */
  receiptUrl: string;
  isMoving: boolean;
};
