import { DomainError } from "../errors";
import { brlCentavosFromUsd, usdMicrosFromBrl, USD_MICROS_PER_CENT, type Currency } from "../money";

/** One line of a charge: an item as it was named and priced at that moment, or null for what was typed. */
export type ChargeLine = { itemId: string | null; name: string; quantity: number; unitBrlCentavos: string };

/** What a charge's row, its payment and the clock make of it. `paying` is a payment that has not settled yet, or a wallet that is about to pay. */
export const CHARGE_STATES = ["open", "paying", "paid", "expired", "cancelled"] as const;
export type ChargeState = (typeof CHARGE_STATES)[number];

/** How long a charge can be paid. Its rate holds as long, so it is no longer than a rate may be old. */
export const CHARGE_LIFE_SECONDS = 600;

/** Lines of one charge, and how often one item stands in it. */
export const CHARGE_LINES_MAX = 30;
export const LINE_QUANTITY_MAX = 99;

type Facts = { transaction: "pending" | "confirmed" | "failed" | null; cancelledAt: Date | null; expiresAt: Date; isHeld?: boolean };

/** Money that is on its way or arrived counts above all else; a payment that failed leaves the charge as it was. A wallet that holds it is paying, until it lets go. */
export function chargeStateOf({ transaction, cancelledAt, expiresAt, isHeld = false }: Facts, now: Date): ChargeState {
  if (transaction === "confirmed") return "paid";
  if (transaction === "pending") return "paying";
  if (cancelledAt) return "cancelled";
  if (isHeld) return "paying";
  return expiresAt <= now ? "expired" : "open";
}

/** Cents of the typed currency as both amounts of a charge, at the rate that it keeps for its life. */
export function chargeAmounts(cents: bigint, currency: Currency, brlPerUsdMicros: bigint): { amountUsdMicros: bigint; amountBrlCentavos: bigint } {
  if (currency === "BRL") return { amountBrlCentavos: cents, amountUsdMicros: usdMicrosFromBrl(cents, brlPerUsdMicros) };
  const amountUsdMicros = cents * USD_MICROS_PER_CENT;
  return { amountUsdMicros, amountBrlCentavos: brlCentavosFromUsd(amountUsdMicros, brlPerUsdMicros) };
}

/** What the lines come to, in centavos. */
export const sumOfLines = (lines: readonly Pick<ChargeLine, "quantity" | "unitBrlCentavos">[]): bigint => lines.reduce((sum, { quantity, unitBrlCentavos }) => sum + BigInt(quantity) * BigInt(unitBrlCentavos), 0n);

/** What a payer is offered to add, in percent of the charge. Free amounts stand beside them. */
export const TIP_PERCENTS = [0, 5, 10, 15] as const;
export type TipChoice = `${(typeof TIP_PERCENTS)[number]}` | "other";
export const TIP_CHOICES: readonly TipChoice[] = ["0", "5", "10", "15", "other"];

/** A percentage of an amount in cents, rounded half up to the cent. */
export const tipOfPercent = (cents: bigint, percent: number): bigint => (cents * BigInt(percent) + 50n) / 100n;

export type Tip = { tipUsdMicros: bigint; tipBrlCentavos: bigint };
export const NO_TIP: Tip = { tipUsdMicros: 0n, tipBrlCentavos: 0n };

/** A charge as far as a tip is judged by it. */
type Tipped = { currency: Currency; amountUsdMicros: bigint; amountBrlCentavos: bigint; brlPerUsdMicros: bigint; isTipAllowed: boolean };

/** The charge in cents of the currency that was typed. */
export const centsOfCharge = ({ currency, amountUsdMicros, amountBrlCentavos }: Pick<Tipped, "currency" | "amountUsdMicros" | "amountBrlCentavos">): bigint => (currency === "BRL" ? amountBrlCentavos : amountUsdMicros / USD_MICROS_PER_CENT);

/**
 * A tip in cents of the charge's currency as both amounts, at the charge's own rate. A tip is at most the charge itself: more is a slip of the
 * finger. Fails with amount_negative, tip_not_allowed, tip_too_large.
 */
export function tipOf(charge: Tipped, cents: bigint): Tip {
  if (cents < 0n) throw new DomainError("amount_negative");
  if (cents === 0n) return NO_TIP;
  if (!charge.isTipAllowed) throw new DomainError("tip_not_allowed");
  if (cents > centsOfCharge(charge)) throw new DomainError("tip_too_large");
  const { amountUsdMicros, amountBrlCentavos } = chargeAmounts(cents, charge.currency, charge.brlPerUsdMicros);
  return { tipUsdMicros: amountUsdMicros, tipBrlCentavos: amountBrlCentavos };
}

/** The name of a till, one line. Fails with name_invalid. */
export const TILL_NAME_MAX = 40;
export const TILLS_MAX = 50;
