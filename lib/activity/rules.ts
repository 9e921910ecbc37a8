import { z } from "zod";
import type { TransactionPurpose, TransactionType } from "@/lib/payments/rules";

/** What a line of a person's activity is, in one word: the type and its purpose, seen from the person's side. */
export const ACTIVITY_KINDS = ["payment", "sent", "received", "top_up", "incoming", "refund", "cash_out", "advance", "headroom", "repayment", "bonus", "dollars", "rewards", "moved", "payout", "till_reward"] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** Money out of the person's balance, into it, or between the person's own places. */
export type ActivityDirection = "out" | "in" | "within";

type Sided = { type: TransactionType; purpose: TransactionPurpose | null; isFromMe: boolean; isToMe: boolean; hasStore: boolean };

/** A row without a purpose (of before there were any) is named by its type alone. */
export function kindOf({ type, purpose, isFromMe, isToMe, hasStore }: Sided): ActivityKind {
  switch (type) {
    case "payment":
      return "payment";
    case "payout":
      return "payout";
    case "bonus_claim":
      return purpose === "cash_out" || purpose === "advance" || purpose === "headroom" || purpose === "repayment" ? purpose : "bonus";
    case "consolidation":
      return purpose === "dollars" || purpose === "rewards" ? purpose : "moved";
    case "received":
      // Somebody of ours who paid from a wallet, past us: for that person it left.
      if (purpose === "incoming" && isFromMe && !isToMe) return "sent";
      if (purpose === "top_up" || purpose === "incoming" || purpose === "refund" || purpose === "till_reward") return purpose;
      if (purpose === null && hasStore) return "refund";
      return isFromMe ? "sent" : "received";
  }
}

const DIRECTIONS: Record<Exclude<ActivityKind, "payment" | "payout">, ActivityDirection> = {
  sent: "out", received: "in", top_up: "in", incoming: "in", refund: "in", cash_out: "in", advance: "in", headroom: "in", repayment: "out", bonus: "in",
  dollars: "within", rewards: "within", moved: "within", till_reward: "in",
};

/** Which way the money goes. A claim has the person on both sides and still brings money in. */
export const directionOf = (kind: ActivityKind, isFromMe: boolean): ActivityDirection => (kind === "payment" || kind === "payout" ? (isFromMe ? "out" : "in") : DIRECTIONS[kind]);

/** The choices of the list, in the order of the screen. */
export const ACTIVITY_TYPES = ["payments", "people", "added", "bonus", "refunds", "moves", "payouts"] as const;
export type ActivityType = (typeof ACTIVITY_TYPES)[number];

export type ActivityFilter = {
  type: ActivityType | null;
  storeId: string | null;
  /** Days of the home town's calendar, "2026-11-22", both included. */
  from: string | null;
  to: string | null;
  /** The beginning of a confirmation code, upper case. */
  code: string | null;
};

export const NO_FILTER: ActivityFilter = { type: null, storeId: null, from: null, to: null, code: null };

/** Letters a code never has are dropped like spaces: whoever types O for 0 is told "nothing found", not "wrong letter". */
const CODE = /^[A-Z0-9]{1,6}$/;
const Day = z.iso.date().refine((day) => day >= "2020-01-01" && day <= "2099-12-31");

/** The filter in an address or a form. What makes no sense is as if it were not there, so that an old link still opens the list. */
export function filterOf(query: Record<string, unknown>): ActivityFilter {
  const text = (name: string) => (typeof query[name] === "string" ? query[name] : "");
  const code = text("q").replace(/[\s-]/g, "").toUpperCase();
  return {
    type: ACTIVITY_TYPES.find((type) => type === text("type")) ?? null,
    storeId: z.uuid().safeParse(text("store")).data ?? null,
    from: Day.safeParse(text("since")).data ?? null,
    to: Day.safeParse(text("until")).data ?? null,
    code: CODE.test(code) ? code : null,
  };
}

/** The same as fields of an address, without what is not set. */
export function queryOf({ type, storeId, from, to, code }: ActivityFilter): Record<string, string> {
  return Object.fromEntries(Object.entries({ type, store: storeId, since: from, until: to, q: code }).filter((entry): entry is [string, string] => entry[1] !== null));
}

export const isFiltered = (filter: ActivityFilter): boolean => Object.values(filter).some((value) => value !== null);

/** The fee lines that a screen promised, in the order in which they are shown. Each is an amount of micro-dollars in the transaction's terms, as text. */
export const FEE_KINDS = ["protocol", "network", "store", "bridge"] as const;
export type FeeKind = (typeof FEE_KINDS)[number];
const Fees = z.object({ protocolFeeUsdMicros: z.string(), networkFeeUsdMicros: z.string(), storeFeeUsdMicros: z.string(), bridgeFeeUsdMicros: z.string() }).partial();
const WHOLE = /^\d{1,18}$/;

/** The fees among a transaction's terms, whatever else stands in them; none that is nothing. */
export function feesOf(terms: unknown): { kind: FeeKind; amountUsdMicros: bigint }[] {
  const found = Fees.safeParse(terms).data;
  return FEE_KINDS.flatMap((kind) => {
    const text = found?.[`${kind}FeeUsdMicros`] ?? "";
    return WHOLE.test(text) && BigInt(text) > 0n ? [{ kind, amountUsdMicros: BigInt(text) }] : [];
  });
}
