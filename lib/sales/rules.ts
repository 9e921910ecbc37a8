import { z } from "zod";

/** What a store's list can be narrowed to: everything, what was given back (in part or in full), or money that no page of ours asked for. */
export const SALE_STATES = ["all", "refunded", "outside"] as const;
export type SaleState = (typeof SALE_STATES)[number];

export type SaleFilter = {
  state: SaleState;
  /** Who made the sale. */
  memberId: string | null;
  /** Days of the store's calendar, "2026-11-22", both included. */
  from: string | null;
  to: string | null;
  /** The price in reais, to the centavo. */
  amountBrlCentavos: bigint | null;
  /** The beginning of a confirmation code, upper case. */
  code: string | null;
};

export const NO_SALE_FILTER: SaleFilter = { state: "all", memberId: null, from: null, to: null, amountBrlCentavos: null, code: null };

const CODE = /^[A-Z0-9]{1,6}$/;
const AMOUNT = /^(\d{1,10})(?:[.,](\d{1,2}))?$/;
const Day = z.iso.date().refine((day) => day >= "2020-01-01" && day <= "2099-12-31");

/** The filter in an address. What makes no sense is as if it were not there, so that an old link still opens the list. */
export function saleFilterOf(query: Record<string, unknown>): SaleFilter {
  const text = (name: string) => (typeof query[name] === "string" ? query[name] : "");
  const code = text("q").replace(/[\s-]/g, "").toUpperCase();
  const amount = AMOUNT.exec(text("amount").replace(/R\$|\s/g, ""));
  return {
    state: SALE_STATES.find((state) => state === text("state")) ?? "all",
    memberId: z.uuid().safeParse(text("member")).data ?? null,
    from: Day.safeParse(text("since")).data ?? null,
    to: Day.safeParse(text("until")).data ?? null,
    amountBrlCentavos: amount ? BigInt(amount[1] ?? "0") * 100n + BigInt((amount[2] ?? "").padEnd(2, "0")) : null,
    code: CODE.test(code) ? code : null,
  };
}

/** An amount as the search's field shows it: "38,50". */
export const amountTextOf = (amountBrlCentavos: bigint): string => `${amountBrlCentavos / 100n},${String(amountBrlCentavos % 100n).padStart(2, "0")}`;

/** The same as fields of an address, without what is not set. */
export function saleQueryOf({ state, memberId, from, to, amountBrlCentavos, code }: SaleFilter): Record<string, string> {
  const fields = { state: state === "all" ? null : state, member: memberId, since: from, until: to, amount: amountBrlCentavos === null ? null : amountTextOf(amountBrlCentavos), q: code };
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null));
}

export const isSaleFiltered = (filter: SaleFilter): boolean => Object.keys(saleQueryOf(filter)).length > 0;
